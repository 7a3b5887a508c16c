import type { Channel } from "../../../src/app/run-lock/live-channel.ts";
import type { Locks } from "../../../src/app/run-lock/run-lock.ts";

interface Request {
  tab: string;
  mode: "shared" | "exclusive";
  start: () => void;
  end: () => void;
}

/** The locks of one browser; each tab has its own view of them, and loses what it holds when it is closed. */
export class FakeLocks {
  private held: Request[] = [];
  private queue: Request[] = [];

  constructor(private readonly name = "tabtune-run") {}

  of(tab: string): Locks {
    return {
      request: (name, { mode = "exclusive", ifAvailable = false }, granted) => {
        if (name !== this.name) throw new Error(`${name} is another lock.`);
        return new Promise<void>((resolve) => {
          const request: Request = {
            tab,
            mode,
            end: resolve,
            start: () => {
              const free = () => {
                this.held = this.held.filter((one) => one !== request);
                resolve();
                this.grant();
              };
              void Promise.resolve(granted({ mode })).then(free);
            },
          };
          if (ifAvailable && (this.queue.length > 0 || !this.isFree(mode))) {
            void Promise.resolve(granted(null)).then(resolve);
            return;
          }
          this.queue.push(request);
          this.grant();
        });
      },
      query: async () => ({ held: this.held.map(({ mode }) => ({ name: this.name, mode })) }),
    };
  }

  /** What the browser does when a tab is closed, or crashes. */
  close(tab: string): void {
    this.held = this.held.filter((one) => one.tab !== tab);
    this.queue = this.queue.filter((one) => one.tab !== tab);
    this.grant();
  }

  private isFree(mode: Request["mode"]): boolean {
    return this.held.length === 0 || (mode === "shared" && this.held.every((one) => one.mode === "shared"));
  }

  private grant(): void {
    const [next] = this.queue;
    if (!next || !this.isFree(next.mode)) return;
    this.queue.shift();
    this.held.push(next);
    next.start();
    this.grant();
  }
}

/** Channels of one name: what one posts, all others get. */
export class FakeChannels {
  readonly posted: unknown[] = [];
  private readonly channels: Channel[] = [];

  open(): Channel {
    const channel: Channel = {
      onmessage: null,
      postMessage: (message) => {
        this.posted.push(message);
        for (const other of this.channels) {
          if (other !== channel) other.onmessage?.({ data: structuredClone(message) } as MessageEvent);
        }
      },
    };
    this.channels.push(channel);
    return channel;
  }
}
