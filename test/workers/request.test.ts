import { afterEach, describe, expect, it } from "vitest";
import { Problem } from "../../src/problem/problem.ts";
import type { Call, Progress } from "../../src/workers/protocol.ts";
import { Caller, remoteCalls, serve } from "../../src/workers/request.ts";

interface Calls {
  double: Call<number, number>;
  refuse: Call<void, null>;
  crash: Call<void, null>;
  hang: Call<void, null>;
}

const ports: MessagePort[] = [];
afterEach(() => ports.splice(0).forEach((port) => port.close()));

function connect() {
  const { port1, port2 } = new MessageChannel();
  ports.push(port1, port2);
  const notices: string[] = [];
  serve<Calls>(port2, {
    async double(value, onProgress) {
      onProgress({ what: "Doubling", done: value, total: 10 });
      await new Promise((resolve) => setTimeout(resolve, 10 - value));
      return 2 * value;
    },
    refuse() {
      throw new Problem({ found: "F.", expected: "E.", remedy: "R.", details: "D" });
    },
    crash() {
      throw new TypeError("x is not a function");
    },
    hang: () => new Promise(() => undefined),
  });
  const caller = new Caller<{ say: string }>(port1, ({ say }) => notices.push(say));
  port1.start();
  port2.start();
  const calls = remoteCalls<Calls>((...question) => caller.ask(...question));
  return { caller, calls, notices, other: port2 };
}

describe("asking and serving", () => {
  it("gives each question its own answer, whatever the order they come back in", async () => {
    const { calls } = connect();
    const answers = await Promise.all([1, 9, 5].map((value) => calls.double(value)));
    expect(answers).toEqual([2, 18, 10]);
  });

  it("reports progress before the answer", async () => {
    const { calls } = connect();
    const seen: Progress[] = [];
    await calls.double(3, { onProgress: (progress) => seen.push(progress) });
    expect(seen).toEqual([{ what: "Doubling", done: 3, total: 10 }]);
  });

  it("carries a problem over with all its parts", async () => {
    const { calls } = connect();
    const error: unknown = await calls.refuse().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Problem);
    expect(error).toMatchObject({ found: "F.", expected: "E.", remedy: "R.", details: "D" });
  });

  it("turns a defect into a problem with the stack in its details", async () => {
    const { calls } = connect();
    const error: unknown = await calls.crash().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Problem);
    expect(error).toMatchObject({ details: expect.stringContaining("TypeError") as string });
  });

  it("passes on what comes unasked", async () => {
    const { calls, notices, other } = connect();
    other.postMessage({ say: "hello" });
    await calls.double(1);
    expect(notices).toEqual(["hello"]);
  });

  it("rejects what is unanswered when the other side fails, and works on if it had answered before", async () => {
    const { caller, calls } = connect();
    await calls.double(1);
    const waiting = calls.hang();
    const problem = new Problem({ found: "Gone.", expected: "E.", remedy: "R." });
    caller.fail(problem);
    await expect(waiting).rejects.toBe(problem);
    await expect(calls.double(2)).resolves.toBe(4);
  });

  it("takes a side that never answered, or was closed, for dead", async () => {
    const problem = new Problem({ found: "Gone.", expected: "E.", remedy: "R." });
    const silent = connect();
    silent.caller.fail(problem);
    await expect(silent.calls.double(2)).rejects.toBe(problem);
    const closed = connect();
    await closed.calls.double(1);
    closed.caller.fail(problem, true);
    await expect(closed.calls.double(2)).rejects.toBe(problem);
  });
});
