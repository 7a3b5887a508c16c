import type { Channel } from "../../../src/app/run-lock/live-channel.ts";
import type { Locks } from "../../../src/app/run-lock/run-lock.ts";

interface Request {
  tab: string;
  name: string;
  mode: "shared" | "exclusive";
  start: () => void;
}

/** The locks of one browser; each tab has its own view of them, and loses what it holds when it is closed. */
export class FakeLocks {
  private held: Request[] = [];
  private queue: Request[] = [];

  of(tab: string): Locks {
    return {
      request: (name, { mode = "exclusive", ifAvailable = false }, granted) =>
        new Promise<void>((resolve) => {
          const start = () => {
            const free = () => {
              this.held = this.held.filter((one) => one !== request);
              resolve();
              this.grant();
            };
            void Promise.resolve(granted({ mode })).then(free);
          };
          const request: Request = { tab, name, mode, start };
          if (ifAvailable && !this.isNext(request)) return void Promise.resolve(granted(null)).then(resolve);
          this.queue.push(request);
          this.grant();
        }),
      query: async () => ({ held: this.held.map(({ name, mode }) => ({ name, mode })) }),
    };
  }

  /** Names of what a tab holds, in alphabetical order. */
  heldBy(tab: string): string[] {
    return this.held.flatMap((one) => (one.tab === tab ? [one.name] : [])).sort();
  }

  /** What the browser does when a tab is closed, or crashes. */
  close(tab: string): void {
    this.held = this.held.filter((one) => one.tab !== tab);
    this.queue = this.queue.filter((one) => one.tab !== tab);
    this.grant();
  }

  /** Whether a request can be granted: no other of its name waits before it, and what is held lets it. */
  private isNext(request: Request): boolean {
    const first = this.queue.find(({ name }) => name === request.name) ?? request;
    const held = this.held.filter(({ name }) => name === request.name);
    const isFree = held.length === 0 || (request.mode === "shared" && held.every(({ mode }) => mode === "shared"));
    return first === request && isFree;
  }

  private grant(): void {
    const next = this.queue.find((request) => this.isNext(request));
    if (!next) return;
    this.queue = this.queue.filter((request) => request !== next);
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
