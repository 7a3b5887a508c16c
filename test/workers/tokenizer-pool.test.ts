import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { cutAt } from "../../src/data/text-limit.ts";
import { textCount } from "../../src/data/windows.ts";
import { encodeRows } from "../../src/tokenize/encode-rows.ts";
import { createTokenizer } from "../../src/tokenize/tokenizer.ts";
import { EncodedJobs } from "../../src/workers/encoded-jobs.ts";
import { createTokenizeService } from "../../src/workers/tokenize-service.ts";
import { cutIntoChunks, type TextJob, TokenizerPool } from "../../src/workers/tokenizer-pool.ts";
import { smallTokenizer } from "../tokenize/starter-tokenizer.ts";

const files = smallTokenizer(["a", "b", "c"]);
const tokenizer = createTokenizer(files);
const ports: MessagePort[] = [];
afterEach(() => ports.splice(0).forEach((port) => port.close()));

function channel(): MessageChannel {
  const made = new MessageChannel();
  ports.push(made.port1, made.port2);
  return made;
}

/** A pool of real tokenizer services, connected as in the page, and where their ids arrive. */
async function connect(count: number) {
  const pool = new TokenizerPool();
  const jobs = new EncodedJobs();
  const forData: MessagePort[] = [];
  for (let i = 0; i < count; i++) {
    const data = channel();
    const train = channel();
    forData.push(data.port1);
    jobs.addPort(train.port1);
    await createTokenizeService().open({ files, fromData: data.port2, toTrain: train.port2 }, () => undefined);
  }
  pool.connect(forData);
  return { pool, jobs };
}

const texts = Array.from({ length: 1300 }, (_, i) => ["a", "b b", "c c c", ""][i % 4] ?? "");
const job = (changes: Partial<TextJob> = {}): TextJob => ({
  job: "j",
  texts,
  pairs: null,
  limit: cutAt(4),
  lengthsOnly: false,
  ...changes,
});

describe("TokenizerPool", () => {
  it("sends the ids of all rows on, in order, and reports progress", async () => {
    const { pool, jobs } = await connect(2);
    const done: number[] = [];
    await pool.run(job(), (rows) => done.push(rows));
    expect(await jobs.job("j")).toEqual(encodeRows(texts, null, 4, tokenizer));
    expect(done).toHaveLength(3);
    expect(done.at(-1)).toBe(1300);
  });

  it("runs several jobs over the same tokenizers", async () => {
    const { pool, jobs } = await connect(2);
    const pairs = texts.map(() => "b");
    await Promise.all([
      pool.run(job({ job: "one" }), () => undefined),
      pool.run(job({ job: "two", pairs, limit: cutAt(6) }), () => undefined),
    ]);
    expect(await jobs.job("one")).toEqual(encodeRows(texts, null, 4, tokenizer));
    expect(await jobs.job("two")).toEqual(encodeRows(texts, pairs, 6, tokenizer));
  });

  it("keeps the windows of each text together, whichever tokenizer cut them", async () => {
    const { pool, jobs } = await connect(2);
    const limit = { maxLength: 5, longTexts: "windows", windowOverlap: 1 } as const;
    const mixed = texts.map((text, i) => (i % 600 === 7 ? "a b c a b c a" : text));
    await pool.run(job({ texts: mixed, limit }), () => undefined);
    const rows = await jobs.job("j");
    expect(rows).toEqual(encodeRows(mixed, null, limit, tokenizer));
    expect([textCount(rows), rows.rowStart.length - 1]).toEqual([1300, 1306]);
  });

  it("brings back lengths before truncation when only those are wanted", async () => {
    const { pool } = await connect(3);
    const lengths = await pool.run(job({ lengthsOnly: true }), () => undefined);
    expect([...lengths]).toEqual(texts.map((_, i) => [3, 4, 5, 2][i % 4]));
  });

  it("rejects a job that cannot be encoded, on both sides, and goes on with the next", async () => {
    const { pool, jobs } = await connect(1);
    await expect(pool.run(job({ limit: cutAt(1) }), () => undefined)).rejects.toThrow("special tokens");
    await expect(jobs.job("j")).rejects.toThrow("special tokens");
    await pool.run(job({ job: "next", texts: ["a"] }), () => undefined);
    expect(await jobs.job("next")).toEqual(encodeRows(["a"], null, 4, tokenizer));
  });

  it("rejects what is under way when the tokenizers are replaced, and needs some to begin", async () => {
    const { pool } = await connect(1);
    const running = pool.run(job(), () => undefined);
    pool.connect([]);
    await expect(running).rejects.toThrow("model was changed");
    await expect(pool.run(job(), () => undefined)).rejects.toThrow("no tokenizer");
  });

  it("is done at once with no rows", async () => {
    const { pool } = await connect(1);
    expect(await pool.run(job({ texts: [] }), () => undefined)).toHaveLength(0);
  });
});

describe("cutIntoChunks", () => {
  it("covers all rows once, in order, in chunks of bounded size", () => {
    const texts = fc.array(
      fc.integer({ min: 0, max: 30_000 }).map((length) => "x".repeat(length)),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(texts, (rows) => {
        const chunks = [...cutIntoChunks(rows, null)];
        expect(chunks.flatMap((chunk) => chunk.texts)).toEqual(rows);
        expect(chunks.map(({ isLast }) => isLast)).toEqual(chunks.map((_, i) => i === chunks.length - 1));
        let start = 0;
        for (const { texts, start: first } of chunks) {
          expect(first).toBe(start);
          start += texts.length;
          expect(texts.length).toBeGreaterThan(0);
          const allButLast = texts.slice(0, -1).reduce((sum, text) => sum + text.length, 0);
          expect(allButLast).toBeLessThan(65_536);
        }
      }),
    );
  });

  it("cuts short rows by their number and counts both texts of a pair", () => {
    const rows = new Array<string>(1200).fill("short");
    expect(Array.from(cutIntoChunks(rows, null), ({ start }) => start)).toEqual([0, 512, 1024]);
    const pairs = new Array<string>(4).fill("y".repeat(40_000));
    const chunks = [...cutIntoChunks(["a", "b", "c", "d"], pairs)];
    expect(chunks.map(({ start }) => start)).toEqual([0, 2]);
    expect(chunks[1]).toEqual({ start: 2, texts: ["c", "d"], pairs: pairs.slice(2), isLast: true });
  });

  it("makes no chunk of no rows", () => {
    expect([...cutIntoChunks([], null)]).toEqual([]);
  });
});
