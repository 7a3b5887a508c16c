import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as v from "valibot";
import { runProgram } from "./program.ts";
import { tinyFolder, type TinyFolder } from "./tiny-folder.ts";

const MINUTES = 300_000;
const bytes = v.pipe(v.number(), v.integer(), v.minValue(0));
const planSchema = v.strictObject({
  memory: v.strictObject({
    checkpointing: v.boolean(),
    mostTokens: v.nullable(v.number()),
    prediction: v.strictObject({
      weights: bytes,
      gradients: bytes,
      moments: bytes,
      activations: bytes,
      other: bytes,
      total: bytes,
    }),
    limit: v.number(),
    fits: v.boolean(),
    offers: v.array(
      v.strictObject({ change: v.picklist(["checkpointing", "frozenEmbeddings", "lowRank"]), total: v.number() }),
    ),
  }),
  windows: v.nullable(v.strictObject({ train: v.number(), validation: v.number() })),
  time: v.strictObject({
    steps: v.number(),
    msPerStep: v.number(),
    ms: v.number(),
    pretrainingMs: v.number(),
    probeMs: v.number(),
    isLimit: v.boolean(),
    compileMs: v.number(),
  }),
});

let tiny: TinyFolder;
const plan = (...options: string[]) =>
  runProgram([
    "tabtune",
    "plan",
    "--model",
    tiny.model,
    "--data",
    tiny.data,
    "--backend",
    "wasm",
    "--set",
    "maxLength=64",
    ...options,
  ]);

beforeAll(async () => {
  tiny = await tinyFolder();
});
afterAll(() => rm(tiny.folder, { recursive: true }));

describe("tabtune plan", () => {
  it(
    "says memory and time, and that nothing need be done below the limit",
    async () => {
      const { code, stdout, stderr } = await plan("--set", "epochs=2", "--set", "batchSize=4");
      expect(code, stderr).toBe(0);
      const { memory, windows, time } = v.parse(planSchema, JSON.parse(stdout));
      expect(windows).toBeNull();
      expect(memory).toMatchObject({ checkpointing: false, mostTokens: null, limit: 4e9, fits: true, offers: [] });
      const { total, ...parts } = memory.prediction;
      expect(Object.values(parts).reduce((a, b) => a + b, 0)).toBe(total);
      const { weights, moments, gradients } = memory.prediction;
      expect(moments).toBe(2 * weights);
      // The word table has a gradient for the rows alone that a step meets.
      expect(gradients).toBeLessThan(weights);
      expect(time.steps).toBeGreaterThan(10);
      expect(time.ms).toBeGreaterThan(time.steps * time.msPerStep);
      expect(stderr).toMatch(/Memory {3}[\d.]+ MB of 4\.00 GB\n/);
    },
    MINUTES,
  );

  it(
    "says what it takes to stay below a limit, and when nothing does",
    async () => {
      const { code, stdout, stderr } = await plan("--memory", "0.0001");
      expect(code, stderr).toBe(0);
      const { memory } = v.parse(planSchema, JSON.parse(stdout));
      expect(memory).toMatchObject({ checkpointing: true, limit: 1e5, fits: false });
      expect(stderr).toContain("does not fit, not even in its smallest parts");
    },
    MINUTES,
  );

  it(
    "counts an earlier task's texts, and what holds the weights to them",
    async () => {
      const texts = join(tiny.folder, "old.txt");
      await writeFile(texts, Array.from({ length: 20 }, (_, i) => `number ${i} of the texts`).join("\n"));
      const totals = [];
      for (const options of [[], ["--earlier-corpus", texts], ["--earlier-corpus", texts, "--set", "ewc=10"]]) {
        const { code, stdout, stderr } = await plan("--set", "epochs=1", "--set", "batchSize=4", ...options);
        expect(code, stderr).toBe(0);
        const { memory } = v.parse(planSchema, JSON.parse(stdout));
        totals.push(memory.prediction.total);
      }
      const [none = 0, scored = 0, held = 0] = totals;
      expect(scored).toBeGreaterThan(none);
      expect(held).toBeGreaterThan(scored);
    },
    MINUTES,
  );

  it("refuses a limit that is no number", async () => {
    const { code, stderr } = await plan("--memory", "much");
    expect(code).toBe(2);
    expect(stderr).toContain("--memory is “much”.");
  });
});
