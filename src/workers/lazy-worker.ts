import { Problem } from "../problem/problem.ts";
import { Caller, remoteCalls, type Ask, type Endpoint, type Remote } from "./request.ts";

/** The part of `Worker` that the page uses. */
export interface WorkerLike extends Endpoint {
  addEventListener(type: "message", listener: (event: MessageEvent) => void): void;
  addEventListener(type: "error", listener: (event: ErrorEvent) => void): void;
  terminate(): void;
}

/** A worker that is started by the first call to it. */
export class LazyWorker<Calls, Notice = never> {
  readonly calls: Remote<Calls> = remoteCalls((...question) => this.ask(...question));
  private started: { worker: WorkerLike; caller: Caller<Notice> } | null = null;
  private closed = false;
  private readonly spawn: () => WorkerLike;
  private readonly onNotice: (notice: Notice) => void;
  private readonly onFailure: (problem: Problem) => void;

  /**
   * @param onNotice called with messages that the worker sends unasked
   * @param onFailure called when the worker stops with an error; unanswered calls are rejected with the same problem
   */
  constructor(
    spawn: () => WorkerLike,
    onNotice: (notice: Notice) => void = () => undefined,
    onFailure: (problem: Problem) => void = () => undefined,
  ) {
    this.spawn = spawn;
    this.onNotice = onNotice;
    this.onFailure = onFailure;
  }

  get isStarted(): boolean {
    return this.started !== null;
  }

  /** Terminates the worker immediately. */
  close(): void {
    this.closed = true;
    this.started?.worker.terminate();
    this.started?.caller.fail(closedProblem(), true);
    this.started = null;
  }

  private ask(...question: Parameters<Ask>): Promise<unknown> {
    if (this.closed) return Promise.reject(closedProblem());
    this.started ??= this.start();
    return this.started.caller.ask(...question);
  }

  private start(): { worker: WorkerLike; caller: Caller<Notice> } {
    const worker = this.spawn();
    const caller = new Caller<Notice>(worker, this.onNotice);
    worker.addEventListener("error", (event) => {
      const problem = brokenProblem(event);
      caller.fail(problem);
      this.onFailure(problem);
    });
    return { worker, caller };
  }
}

function brokenProblem(event: ErrorEvent): Problem {
  // An error event without a message means that the script did not load.
  if (!event.message) {
    return new Problem({
      found: "A background worker of this page did not load.",
      expected: "Its program comes from the same server as the page, or from the browser's cache.",
      remedy: "Reload the page while the server can be reached.",
    });
  }
  return new Problem({
    found: "A background worker of this page stopped with an error.",
    expected: "Workers should run until the page is closed.",
    remedy: "Reload the page and start again; if it happens again, close other tabs that need memory.",
    details: `${event.message} (${event.filename}:${event.lineno})`,
  });
}

function closedProblem(): Problem {
  return new Problem({
    found: "The session was closed before this was done.",
    expected: "An open session is expected.",
    remedy: "Reload the page to open a new one.",
  });
}
