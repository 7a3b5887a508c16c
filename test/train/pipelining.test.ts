import { afterEach, beforeAll, beforeEach, describe, expect, it, vi, type MockInstance } from "vitest";
import type * as Reading from "../../src/train/read-steps.ts";
import { Trainer } from "../../src/train/trainer.ts";
import { useNodeBackend } from "../node-backend.ts";
import { maskedRun } from "./masked-run.ts";
import { runOf } from "./run-of.ts";

const STEPS = 50;
/** Turns of the event loop that a read waits for a further step before it is taken for one that the run waits for. */
const PATIENCE = 2000;

let step: MockInstance;
let reads = 0;
/** Reads beside which no step was recorded, though one was to come. */
let waitedFor = 0;

vi.mock("../../src/train/read-steps.ts", async (original) => {
  const { readSteps } = await original<typeof Reading>();
  return {
    async readSteps(steps: Parameters<typeof readSteps>[0]) {
      reads++;
      const recorded = step.mock.calls.length;
      for (let turn = 0; recorded < STEPS && step.mock.calls.length === recorded; turn++) {
        if (turn > PATIENCE) {
          waitedFor++;
          break;
        }
        await new Promise((resolve) => setImmediate(resolve));
      }
      return readSteps(steps);
    },
  };
});

beforeAll(() => useNodeBackend("cpu"));

beforeEach(() => {
  [reads, waitedFor] = [0, 0];
  step = vi.spyOn(Trainer.prototype, "step");
});

afterEach(() => {
  vi.restoreAllMocks();
});

describe.each([
  ["fine-tuning", fineTuning],
  ["pretraining", maskedRun],
])("%s", (_, run) => {
  it.each([
    ["a few milliseconds", 10, 12],
    ["a second", 1000, STEPS],
  ])("gathers and records on while losses are read: steps of %s", async (_, ms, mostReads) => {
    vi.spyOn(performance, "now").mockImplementation(() => step.mock.calls.length * ms);
    const told = await run();
    expect(told).toEqual(Array.from({ length: STEPS }, (_, i) => i + 1));
    expect(waitedFor).toBe(0);
    expect(reads).toBeGreaterThan(1);
    expect(reads).toBeLessThanOrEqual(mostReads);
  });
});

/** The steps that a run of one epoch tells of, in order. */
async function fineTuning(): Promise<number[]> {
  const { of, model } = await runOf({ batchSize: 1, epochs: 1, evaluationsPerEpoch: 0 });
  model.dispose();
  return of("step").map((event) => event.step);
}
