import { Problem, reportProblem, type ProblemReport } from "../problem/problem.ts";
import type { Call, OnProgress, Progress } from "./protocol.ts";

/** The common part of a Worker, a MessagePort and the global scope of a worker. */
export interface Endpoint {
  postMessage(message: unknown, options?: StructuredSerializeOptions): void;
  addEventListener(type: "message", listener: (event: MessageEvent) => void): void;
}

/** A call on its way to a worker. */
interface Question {
  id: number;
  call: string;
  argument: unknown;
}

type Reply =
  | { id: number; ok: true; value: unknown }
  | { id: number; ok: false; problem: ProblemReport }
  | { id: number; progress: Progress };

/**
 * Answers each arriving call once, with the value of the method of that name or the problem it threw. Calls are not
 * queued: a later one may be answered before an earlier one.
 */
export function serve<Calls extends object>(endpoint: Endpoint, service: Calls): void {
  const calls = service as Record<string, Call<unknown, unknown> | undefined>;
  async function answer({ id, call, argument }: Question): Promise<void> {
    try {
      if (typeof calls[call] !== "function") throw new Error(`There is no call ${call}.`);
      const value = await calls[call](argument, (progress) => endpoint.postMessage({ id, progress }));
      endpoint.postMessage({ id, ok: true, value });
    } catch (error) {
      endpoint.postMessage({ id, ok: false, problem: reportProblem(error) });
    }
  }
  endpoint.addEventListener("message", ({ data }: MessageEvent<Question>) => void answer(data));
}

/** Options of one call. */
interface AskOptions {
  transfer?: Transferable[];
  onProgress?: OnProgress | undefined;
}

/** The calls of a worker as the page makes them: each returns a promise, and rejects with a `Problem`. */
export type Remote<Calls> = {
  [K in keyof Calls]: Calls[K] extends Call<infer Argument, infer Result>
    ? (argument: Argument, options?: AskOptions) => Promise<Result>
    : never;
};

/** How a call is sent; see `Caller.ask`. */
export type Ask = (call: string, argument: unknown, options?: AskOptions) => Promise<unknown>;

/** Makes an object with a method for each call of a protocol. Only here do names of calls become messages. */
export function remoteCalls<Calls>(ask: Ask): Remote<Calls> {
  const methodOf = (_: object, call: string | symbol) => (argument: unknown, options?: AskOptions) =>
    ask(String(call), argument, options);
  return new Proxy({}, { get: methodOf }) as Remote<Calls>;
}

interface Pending {
  onReply: (reply: Reply) => void;
  reject: (problem: Problem) => void;
}

/** The calling side of `serve`. Messages without an id go to `onNotice`. */
export class Caller<Notice = never> {
  private readonly pending = new Map<number, Pending>();
  private readonly endpoint: Endpoint;
  private nextId = 1;
  private answered = false;
  private broken: Problem | null = null;

  constructor(endpoint: Endpoint, onNotice: (notice: Notice) => void) {
    this.endpoint = endpoint;
    endpoint.addEventListener("message", ({ data }: MessageEvent<Reply | Notice>) => {
      if (isReply(data)) {
        this.answered = true;
        this.pending.get(data.id)?.onReply(data);
      } else {
        onNotice(data);
      }
    });
  }

  /**
   * Sends a call and waits for its answer.
   *
   * @throws Problem the problem that the other side reports, or that of `fail`
   */
  ask(call: string, argument: unknown, { onProgress, transfer = [] }: AskOptions = {}): Promise<unknown> {
    if (this.broken !== null) return Promise.reject(this.broken);
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      const onReply = (reply: Reply) => {
        if ("progress" in reply) {
          onProgress?.(reply.progress);
          return;
        }
        this.pending.delete(id);
        if (reply.ok) resolve(reply.value);
        else reject(new Problem(reply.problem));
      };
      this.pending.set(id, { onReply, reject });
      this.endpoint.postMessage({ id, call, argument } satisfies Question, { transfer });
    });
  }

  /**
   * Rejects all unanswered calls. Later calls are rejected immediately if the endpoint is `closed`, or never answered, so that it counts as dead.
   */
  fail(problem: Problem, closed = false): void {
    if (closed || !this.answered) this.broken = problem;
    for (const { reject } of this.pending.values()) reject(problem);
    this.pending.clear();
  }
}

function isReply<Notice>(message: Reply | Notice): message is Reply {
  return typeof message === "object" && message !== null && "id" in message;
}
