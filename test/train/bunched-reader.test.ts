import "@tensorflow/tfjs-backend-cpu";
import { scalar } from "@tensorflow/tfjs-core";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { BunchedReader } from "../../src/train/bunched-reader.ts";
import type { StepNumbers } from "../../src/train/read-steps.ts";
import type { PendingStep } from "../../src/train/trainer.ts";

/** Reads under way: how many steps each reads, and how to let it end. */
let reads: { steps: number; end: () => void }[] = [];
let now = 0;

const readSteps = (steps: readonly PendingStep[]) =>
  new Promise<StepNumbers[]>((resolve) => {
    const numbers = steps.map(({ rows }) => ({ loss: rows, gradientNorm: 1, finite: true }));
    reads.push({ steps: steps.length, end: () => resolve(numbers) });
  });

beforeEach(() => {
  [reads, now] = [[], 0];
  vi.spyOn(performance, "now").mockImplementation(() => now);
});

afterEach(() => {
  vi.restoreAllMocks();
});

/** A step that can be told by its rows. */
const step = (rows: number): PendingStep => ({
  losses: [],
  clip: scalar(1),
  learningRate: 0,
  undo: () => undefined,
  rows,
  labels: rows,
  tokens: 0,
});

it("begins to read a bunch, and gives the numbers of the one before", async () => {
  const reader = new BunchedReader(readSteps);
  reader.add(step(1));
  expect(reader.isFull).toBe(true);
  expect(await reader.turn()).toEqual([]);
  expect(reads).toHaveLength(1);
  reader.add(step(2));
  const turn = reader.turn();
  expect(reads).toHaveLength(2);
  reads[0]?.end();
  expect((await turn).map(({ step: { rows }, numbers: { loss } }) => [rows, loss])).toEqual([[1, 1]]);
  reader.add(step(3));
  for (const { end } of reads) end();
  const rest = reader.rest();
  reads[2]?.end();
  expect((await rest).map(({ numbers: { loss } }) => loss)).toEqual([2, 3]);
  expect(await reader.rest()).toEqual([]);
});

describe("the steps of a bunch", () => {
  /** Many turns of a loop in which recording and computing a step cost so much; returns the sizes of the last bunches. */
  async function settled(recordMs: number, gpuMs: number): Promise<number[]> {
    const reader = new BunchedReader(readSteps);
    /** When the GPU has done each step. */
    const done: number[] = [];
    let ended = 0;
    const sizes: number[] = [];
    for (let turn = 0; turn < 40; turn++) {
      let size = 0;
      do {
        now += recordMs;
        done.push(Math.max(now, done.at(-1) ?? 0) + gpuMs);
        reader.add(step(1));
        size++;
      } while (!reader.isFull);
      sizes.push(size);
      const told = reader.turn();
      if (turn > 0) {
        const before = reads[turn - 1];
        ended += before?.steps ?? 0;
        now = Math.max(now, done[ended - 1] ?? 0);
        before?.end();
      }
      await told;
    }
    return sizes.slice(-10);
  }

  it.each([
    ["the GPU is slower", 1, 30],
    ["JavaScript is slower", 30, 1],
    ["nothing runs beside JavaScript", 30, 0],
    ["they are alike", 30, 30],
  ])("are a quarter of a second of work where %s, and stay so", async (_, recordMs, gpuMs) => {
    for (const size of await settled(recordMs, gpuMs)) {
      expect(size).toBeGreaterThanOrEqual(6);
      expect(size).toBeLessThanOrEqual(11);
    }
  });

  it.each([
    ["one where a step takes longer", 5, 700, 1],
    ["at most 32", 1, 1, 32],
  ])("are %s", async (_, recordMs, gpuMs, expected) => {
    expect(new Set(await settled(recordMs, gpuMs))).toEqual(new Set([expected]));
  });
});
