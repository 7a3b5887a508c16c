import * as v from "valibot";

const liveRun = v.object({
  /** Name of the data. */
  data: v.string(),
  /** The state in words, e.g. "Training". */
  status: v.string(),
  step: v.number(),
  /** Number of steps; null until the plan is known. */
  steps: v.nullable(v.number()),
  loss: v.nullable(v.number()),
  /** The best score so far with its metric, e.g. "macro F1 0.912"; "" before the first. */
  score: v.string(),
  /** Milliseconds until the last step; null while that is not known. */
  msLeft: v.nullable(v.number()),
  /** Share of the run that is done, 0 to 1. */
  share: v.number(),
});

/** A run as other tabs show it. */
export type LiveRun = v.InferOutput<typeof liveRun>;

const messages = v.variant("type", [
  v.object({ type: v.literal("hello") }),
  v.object({ type: v.literal("run"), run: liveRun }),
]);

/** What is used of a `BroadcastChannel`. */
export interface Channel {
  postMessage(message: unknown): void;
  onmessage: ((event: MessageEvent) => void) | null;
}

/** Least milliseconds between two messages of a run whose status is the same. */
const MESSAGE_EVERY_MS = 500;

/**
 * The channel between the tabs of this browser: the tab with a run sends its state, at most about twice a second, and
 * at once when a tab that was just opened says hello. It needs no timer: a run that goes on has something to send soon.
 */
export class LiveChannel {
  private sentAt = -Infinity;
  private sentStatus = "";

  constructor(
    private readonly channel: Channel,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Listens to other tabs; `current` is this tab's run, null where it has none. */
  listen(current: () => LiveRun | null, onRun: (run: LiveRun) => void): void {
    this.channel.onmessage = ({ data }) => {
      // Another tab may run another version of the page.
      const { success, output } = v.safeParse(messages, data);
      if (!success) return;
      if (output.type === "run") return onRun(output.run);
      const run = current();
      if (run) this.post(run);
    };
  }

  /** Asks the tab with a run for its state. */
  hello(): void {
    this.channel.postMessage({ type: "hello" });
  }

  /** Sends a run, unless one of the same status was sent just now. */
  send(status: string, run: () => LiveRun): void {
    if (status === this.sentStatus && this.now() - this.sentAt < MESSAGE_EVERY_MS) return;
    this.sentStatus = status;
    this.post(run());
  }

  private post(run: LiveRun): void {
    this.sentAt = this.now();
    this.channel.postMessage({ type: "run", run });
  }
}
