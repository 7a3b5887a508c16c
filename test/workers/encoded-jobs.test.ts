import { afterEach, describe, expect, it } from "vitest";
import { Problem } from "../../src/problem/problem.ts";
import { encodeRows } from "../../src/tokenize/encode-rows.ts";
import { createTokenizer } from "../../src/tokenize/tokenizer.ts";
import { EncodedJobs, tokenCounts } from "../../src/workers/encoded-jobs.ts";
import type { EncodedChunk } from "../../src/workers/protocol.ts";
import { smallTokenizer } from "../tokenize/starter-tokenizer.ts";

const tokenizer = createTokenizer(smallTokenizer(["a", "b", "c"]));
const rowsOf = (texts: string[]) => encodeRows(texts, null, 8, tokenizer);
const ports: MessagePort[] = [];
afterEach(() => ports.splice(0).forEach((port) => port.close()));

function connect(count: number) {
  const jobs = new EncodedJobs();
  const senders = Array.from({ length: count }, () => {
    const { port1, port2 } = new MessageChannel();
    ports.push(port1, port2);
    jobs.addPort(port2);
    return (chunk: EncodedChunk) => port1.postMessage(chunk);
  });
  return { jobs, senders };
}

describe("EncodedJobs", () => {
  it("puts chunks from several tokenizers into order", async () => {
    const { jobs, senders } = connect(2);
    const [one, two] = senders;
    two?.({ job: "j", index: 2, chunks: 3, rows: rowsOf(["c c"]) });
    one?.({ job: "j", index: 1, chunks: 3, rows: rowsOf(["b"]) });
    const waiting = jobs.job("j");
    one?.({ job: "j", index: 0, chunks: 3, rows: rowsOf(["a", ""]) });
    expect(await waiting).toEqual(rowsOf(["a", "", "b", "c c"]));
  });

  it("keeps jobs apart", async () => {
    const { jobs, senders } = connect(1);
    senders[0]?.({ job: "x", index: 0, chunks: 1, rows: rowsOf(["a"]) });
    senders[0]?.({ job: "y", index: 0, chunks: 1, rows: rowsOf(["b b"]) });
    expect(await jobs.job("y")).toEqual(rowsOf(["b b"]));
    expect(await jobs.job("x")).toEqual(rowsOf(["a"]));
  });

  it("rejects a job of which a chunk failed", async () => {
    const { jobs, senders } = connect(1);
    senders[0]?.({ job: "j", index: 0, chunks: 2, rows: rowsOf(["a"]) });
    const problem = { found: "Bad.", expected: "Good.", remedy: "Mend.", details: "" };
    senders[0]?.({ job: "j", index: 1, chunks: 2, problem });
    const error: unknown = await jobs.job("j").catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Problem);
    expect(error).toMatchObject(problem);
  });
});

it("the tokens of each text are told as they were, and as the model read them", () => {
  const rows = {
    ids: new Int32Array(8),
    types: new Int32Array(8),
    rowStart: Int32Array.of(0, 5, 8),
    fullLengths: Int32Array.of(900, 3),
  };
  expect(tokenCounts(rows)).toEqual([
    { whole: 900, read: 5, windows: 1 },
    { whole: 3, read: 3, windows: 1 },
  ]);
});
