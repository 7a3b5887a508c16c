import { Problem, reportProblem } from "../problem/problem.ts";
import type { Asked, Progress, Reply } from "./protocol.ts";

/** What a Worker, a MessagePort and the global scope of a worker have in common. */
export interface Endpoint {
  postMessage(message: unknown, options?: StructuredSerializeOptions): void;
  addEventListener(type: "message", listener: (event: MessageEvent) => void): void;
}

/** One function for each kind of request; may report progress while it works. */
export type Handlers<Request extends { type: string }, Results> = {
  [K in keyof Results]: (
    request: Request & { type: K },
    onProgress: (progress: Progress) => void,
  ) => Results[K] | Promise<Results[K]>;
};

/**
 * Answers every request that arrives, once, with the handler's value or the problem it threw.
 * Requests are not queued: a later one may be answered before an earlier one.
 */
export function serve<Request extends { type: string & keyof Results }, Results>(
  endpoint: Endpoint,
  handlers: Handlers<Request, Results>,
): void {
  async function answer<K extends keyof Results>(type: K, id: number, request: Request & { type: K }): Promise<void> {
    try {
      const value = await handlers[type](request, (progress) => endpoint.postMessage({ id, progress }));
      endpoint.postMessage({ id, type, ok: true, value });
    } catch (error) {
      endpoint.postMessage({ id, ok: false, problem: reportProblem(error) });
    }
  }
  endpoint.addEventListener("message", (event: MessageEvent<Asked<Request>>) => {
    void answer(event.data.type, event.data.id, event.data);
  });
}

/** Options of one question. */
export interface AskOptions {
  transfer?: Transferable[];
  onProgress?: (progress: Progress) => void;
}

interface Pending<Results> {
  onReply: (reply: Reply<Results>) => void;
  reject: (problem: Problem) => void;
}

/** The asking side of `serve`. Whatever arrives without an id goes to `onNotice`. */
export class Caller<Request extends { type: string & keyof Results }, Results, Notice = never> {
  private readonly pending = new Map<number, Pending<Results>>();
  private readonly endpoint: Endpoint;
  private nextId = 1;
  private answered = false;
  private broken: Problem | null = null;

  constructor(endpoint: Endpoint, onNotice: (notice: Notice) => void) {
    this.endpoint = endpoint;
    endpoint.addEventListener("message", (event: MessageEvent<Reply<Results> | Notice>) => {
      const message = event.data;
      if (isReply<Results, Notice>(message)) {
        this.answered = true;
        this.pending.get(message.id)?.onReply(message);
      } else {
        onNotice(message);
      }
    });
  }

  /**
   * Asks, and waits for the one answer.
   *
   * @throws Problem the one that the other side reports, or that of `fail`
   */
  ask<K extends keyof Results>(request: Request & { type: K }, options: AskOptions = {}): Promise<Results[K]> {
    if (this.broken !== null) return Promise.reject(this.broken);
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      const onReply = (reply: Reply<Results>) => {
        if ("progress" in reply) {
          options.onProgress?.(reply.progress);
          return;
        }
        this.pending.delete(id);
        if (answers(reply, request.type)) resolve(reply.value);
        else if (!reply.ok) reject(new Problem(reply.problem));
        else reject(new Error(`The answer to ${request.type} was one to ${String(reply.type)}.`));
      };
      this.pending.set(id, { onReply, reject });
      this.endpoint.postMessage({ ...request, id }, { transfer: options.transfer ?? [] });
    });
  }

  /**
   * Rejects all that is still unanswered. An endpoint that has never answered is taken for dead, and so is one
   * that is `closed`: later questions are rejected at once.
   */
  fail(problem: Problem, closed = false): void {
    if (closed || !this.answered) this.broken = problem;
    for (const { reject } of this.pending.values()) reject(problem);
    this.pending.clear();
  }
}

function isReply<Results, Notice>(message: Reply<Results> | Notice): message is Reply<Results> {
  return typeof message === "object" && message !== null && "id" in message;
}

function answers<Results, K extends keyof Results>(
  reply: Reply<Results>,
  type: K,
): reply is Reply<Results> & { ok: true; type: K; value: Results[K] } {
  return "ok" in reply && reply.ok && reply.type === type;
}
