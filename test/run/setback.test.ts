import { tensor1d } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import type { Classifier } from "../../src/model/classifier.ts";
import { accumulate } from "../../src/ops/accumulate/accumulate.ts";
import type { Recipe } from "../../src/recipe/recipe.ts";
import { openModel, type OpenedModel } from "../../src/run/open-model.ts";
import { Run } from "../../src/run/run.ts";
import type { RunState } from "../../src/run/saved-run.ts";
import { RunControl } from "../../src/train/control.ts";
import type { TrainEvent } from "../../src/train/events.ts";
import { checkpointFiles, tinyTensors } from "../model/tiny-checkpoint.ts";
import { useNodeBackend } from "../node-backend.ts";
import { inputOf, written } from "./resume-runs.ts";

let opened: OpenedModel;

beforeAll(async () => {
  await useNodeBackend("wasm");
  opened = await openModel(await checkpointFiles(await tinyTensors()));
});

/**
 * Trains 18 steps, saved after the fourth and every sixth; gradients are infinite in some steps (from 1) for as long as
 * the rate is above a limit.
 */
async function trained(bad: readonly number[], rateLimit: number, changes: Partial<Recipe> = {}, saves = [4, 6, 12]) {
  const input = inputOf("all weights, with dropout and accumulation", opened);
  const states: RunState[] = [];
  const saver = {
    isDue: (_: string, step: number) => saves.includes(step),
    latest: async () => states.at(-1) ?? null,
    save: async (state: RunState) => void states.push(await written(state)),
  };
  const recipe = { ...input.recipe, schedule: "constant" as const, learningRate: 1e-3, ...changes };
  const run = await Run.load({ ...input, recipe }, new RunControl(), undefined, { saver });
  const { model } = run as unknown as { model: Classifier };
  const [forward, backward] = [model.forward.bind(model), model.backward.bind(model)];
  let step = 0;
  const rate = () => {
    const setback = run.history.findLast((event) => event.type === "setback");
    return 1e-3 * (setback?.rate ?? 1);
  };
  model.forward = (batch, rates, key) => {
    step = (key?.step ?? 0) + 1;
    return forward(batch, rates, key);
  };
  model.backward = (...args) => {
    const gradients = backward(...args);
    const bias = [...gradients].find(([{ name }]) => name === "classifier.bias")?.[1];
    if (bias && bad.includes(step) && rate() > rateLimit)
      accumulate(bias, tensor1d(new Float32Array(bias.size).fill(Infinity)));
    return gradients;
  };
  const events: TrainEvent[] = [];
  let problem: unknown = null;
  try {
    for await (const event of run.events()) events.push(event);
  } catch (error) {
    problem = error;
  }
  return { run, events, problem };
}

const steps = (events: readonly TrainEvent[]) => events.flatMap((event) => (event.type === "step" ? [event] : []));
const setbacks = (events: readonly TrainEvent[]) =>
  events.flatMap((event) => (event.type === "setback" ? [event] : []));

describe("a run that diverges", () => {
  it("goes back to its last save with half the rate, and ends", async () => {
    const { run, events, problem } = await trained([8, 9, 10], 6e-4);
    expect(problem).toBeNull();
    expect(setbacks(events)).toMatchObject([{ from: 10, step: 6, rate: 0.5, best: { step: 6 } }]);
    // The history has no step twice.
    expect(steps(run.history).map(({ step }) => step)).toEqual(Array.from({ length: 18 }, (_, i) => i + 1));
    expect(steps(run.history).map(({ learningRate }) => learningRate)).toEqual([
      ...Array<number>(6).fill(1e-3),
      ...Array<number>(12).fill(5e-4),
    ]);
    expect(run.history.filter((event) => event.type === "step" && event.skipped)).toEqual([]);
    expect(run.stepOf("last")).toBe(18);
  });

  it("goes back twice at most, from the same save too, and then ends with its best weights", async () => {
    const { run, events, problem } = await trained([8, 9, 10], 0);
    expect(setbacks(events).map(({ step, rate }) => [step, rate])).toEqual([
      [6, 0.5],
      [6, 0.25],
    ]);
    expect(String(problem)).toContain("At step 10 the loss was");
    expect((await run.results("best")).step).toBe(6);
    expect(steps(run.history).map(({ step }) => step)).toEqual(Array.from({ length: 10 }, (_, i) => i + 1));
  });

  it("ends where it has no save, or the recipe does not want it", async () => {
    for (const { events, problem } of [
      await trained([8, 9, 10], 6e-4, {}, []),
      await trained([8, 9, 10], 6e-4, { halveOnDivergence: false }),
    ]) {
      expect(setbacks(events)).toEqual([]);
      expect(String(problem)).toContain("At step 10 the loss was");
    }
  });
});
