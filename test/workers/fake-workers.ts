import type { WorkerLike } from "../../src/workers/lazy-worker.ts";
import { type Endpoint, serve } from "../../src/workers/request.ts";

/** A worker in this thread: messages are cloned and arrive later, as with a real one. */
export class FakeWorker implements WorkerLike {
  terminated = false;
  private readonly page: MessagePort;
  private readonly own: MessagePort;
  private readonly errorListeners: ((event: ErrorEvent) => void)[] = [];

  /** @param begin what the worker's script does with its global scope */
  constructor(begin: (scope: Endpoint) => void) {
    const { port1, port2 } = new MessageChannel();
    this.page = port1;
    this.own = port2;
    begin(port2);
    port1.start();
    port2.start();
  }

  postMessage(message: unknown, options?: StructuredSerializeOptions): void {
    this.page.postMessage(message, options);
  }

  addEventListener(type: "message" | "error", listener: (event: MessageEvent & ErrorEvent) => void): void {
    if (type === "message") this.page.addEventListener("message", listener as (event: MessageEvent) => void);
    else this.errorListeners.push(listener as (event: ErrorEvent) => void);
  }

  terminate(): void {
    this.terminated = true;
    this.page.close();
    this.own.close();
  }

  /** Says something unasked. */
  say(notice: unknown): void {
    this.own.postMessage(notice);
  }

  /** Stops with an error, as a script that does not load. */
  break(message: string): void {
    const event: Pick<ErrorEvent, "message" | "filename" | "lineno"> = { message, filename: "x.js", lineno: 1 };
    for (const listener of this.errorListeners) listener(event as ErrorEvent);
  }
}

/** A worker that answers with the given service. */
export function serving<Calls extends object>(service: Calls): FakeWorker {
  return new FakeWorker((scope) => serve(scope, service));
}
