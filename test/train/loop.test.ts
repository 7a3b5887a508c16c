import { memory, mul } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { readTensor } from "../../src/gpu/read-back.ts";
import { plannedEvaluations } from "../../src/recipe/evaluations.ts";
import type { Recipe } from "../../src/recipe/recipe.ts";
import { RunControl } from "../../src/train/control.ts";
import type { TrainEvent } from "../../src/train/events.ts";
import { TrainingRun } from "../../src/train/loop.ts";
import { useNodeBackend } from "../node-backend.ts";
import { learnableRows } from "./learnable-rows.ts";
import { runData, runOf } from "./run-of.ts";
import { tinyModel, tinyRecipe } from "./tiny-run.ts";

beforeAll(async () => {
  await useNodeBackend("cpu");
});

describe("a whole run", () => {
  it("tells its plan, a baseline, every step, evaluations on the sample and on all rows, the best, and its end", async () => {
    const { run, model, events, of } = await runOf({});
    expect(events.slice(0, 3).map(({ type }) => type)).toEqual(["plan", "memory", "evaluation"]);
    const parameters = model.parameters.reduce((sum, { value }) => sum + value.size, 0);
    expect(events[0]).toEqual({
      type: "plan",
      task: "single-label",
      steps: 14,
      stepsPerEpoch: 7,
      epochs: 2,
      trainRows: 50,
      validationRows: 30,
      tokensPerEpoch: runData.train.ids.length,
      trainableParameters: parameters,
      parameters,
    });
    expect(of("evaluation").map(({ scope, step, report }) => [scope, step, report.rows])).toEqual([
      ["baseline", 0, 16],
      ["sample", 4, 16],
      ["full", 7, 30],
      ["sample", 11, 16],
      ["full", 14, 30],
    ]);

    const steps = of("step");
    expect(steps.map(({ step }) => step)).toEqual(Array.from({ length: 14 }, (_, i) => i + 1));
    expect(steps.map(({ rows }) => rows)).toEqual([8, 8, 8, 8, 8, 8, 2, 8, 8, 8, 8, 8, 8, 2]);
    expect(steps.slice(0, 7).reduce((sum, { tokens }) => sum + tokens, 0)).toBe(runData.train.ids.length);
    expect(steps.at(-1)?.epoch).toBe(2);
    // Warm-up over two of fourteen steps, then a straight line to 0.
    steps.forEach(({ learningRate }, i) =>
      expect(learningRate).toBeCloseTo(i < 2 ? i * 5e-4 : (1e-3 * (14 - i)) / 12, 12),
    );
    for (const times of [steps.map(({ trainingMs }) => trainingMs), steps.map(({ wallMs }) => wallMs)]) {
      expect(times).toEqual([...times].sort((a, b) => a - b));
    }
    const mean = (from: number) => steps.slice(from, from + 4).reduce((sum, { loss }) => sum + loss / 4, 0);
    expect(mean(10)).toBeLessThan(mean(0));

    expect(of("best").at(-1)?.step).toBe(run.best?.step);
    const best = of("evaluation").find(({ scope, step }) => scope === "full" && step === run.best?.step);
    const others = of("evaluation").filter(({ scope }) => scope === "full");
    expect(best?.report.macro.f1).toBe(Math.max(...others.map(({ report }) => report.macro.f1)));
    expect(run.best?.weights.size).toBe(model.parameters.length);
    expect(events.at(-1)).toMatchObject({ type: "end", reason: "finished", step: 14 });
    model.dispose();
  });

  it("has the same losses with the same seed, others with another", async () => {
    const losses = async (seed: number) => (await runOf({ seed, epochs: 1 })).of("step").map(({ loss }) => loss);
    const first = await losses(42);
    expect(await losses(42)).toEqual(first);
    expect(await losses(43)).not.toEqual(first);
  });

  it("has a baseline of all classes also where the validation rows are sorted by class", async () => {
    const rows = learnableRows(300, 3);
    const validation = { ...rows, labels: rows.labels.map((_, row) => Math.floor(row / 100)) };
    const { of, model } = await runOf({ epochs: 1, evaluationSample: 128 }, undefined, { validation, maxSteps: 1 });
    const supports = of("evaluation")[0]?.report.classes.map((scores) => scores?.support ?? 0) ?? [];
    expect(supports.reduce((a, b) => a + b, 0)).toBe(64);
    for (const support of supports) expect(support).toBeGreaterThan(8);
    model.dispose();
  });

  it("gives back all but the weights", async () => {
    const { numTensors } = memory();
    const { model } = await runOf({ epochs: 1 });
    expect(memory().numTensors).toBe(numTensors + model.parameters.length);
    model.dispose();
    expect(memory().numTensors).toBe(numTensors);
  });

  it("ends where it is told to, with the schedule", async () => {
    const { of, events } = await runOf({ warmupShare: 0 }, undefined, { maxSteps: 3 });
    expect(of("step").map(({ learningRate }) => learningRate)).toEqual([1e-3, 1e-3 * (1 - 1 / 3), 1e-3 * (1 - 2 / 3)]);
    expect(of("evaluation").at(-1)).toMatchObject({ scope: "full", step: 3 });
    expect(events.at(-1)).toMatchObject({ reason: "finished", step: 3 });
  });

  it("makes as many evaluations as are planned, whatever the epochs and their number", async () => {
    const cases: [Partial<Recipe>, number?][] = [
      [{ evaluationsPerEpoch: 50, epochs: 1.5 }],
      [{ evaluationsPerEpoch: 3, epochs: 2, average: "last", averageCount: 2 }],
      [{ evaluationsPerEpoch: 10, epochs: 3, batchSize: 50 }],
      [{ evaluationsPerEpoch: 4, epochs: 5 }, 10],
    ];
    for (const [changes, maxSteps] of cases) {
      const { model, events, of } = await runOf(changes, undefined, maxSteps === undefined ? {} : { maxSteps });
      model.dispose();
      const [plan] = of("plan");
      const planned = plannedEvaluations(plan ?? expect.unreachable(), { ...tinyRecipe, ...changes });
      expect(of("evaluation").length, JSON.stringify(changes)).toBe(planned.total);
      expect(events.at(-1)?.type).toBe("end");
    }
  });

  it("may go without evaluations on the sample", async () => {
    const { of } = await runOf({ evaluationsPerEpoch: 0, epochs: 1 });
    expect(of("evaluation").map(({ scope }) => scope)).toEqual(["baseline", "full"]);
  });
});

describe("a run that is stopped", () => {
  it("before its first step, makes no weights that could count as its best", async () => {
    const { run, of } = await runOf({}, (event, control) => event.type === "plan" && control.stop());
    expect([run.best, run.currentStep, of("best").length]).toEqual([null, 0, 0]);
    expect(of("end")[0]).toMatchObject({ reason: "stopped", step: 0 });
  });

  it("evaluates once more and keeps its best and its last weights", async () => {
    const { run, events, model } = await runOf({}, (event, control) => {
      if (event.type === "step" && event.step === 9) control.stop();
    });
    const end = events.at(-1);
    expect(end).toMatchObject({ type: "end", reason: "stopped" });
    const last = end?.type === "end" ? end.step : NaN;
    expect(last).toBeGreaterThanOrEqual(9);
    expect(last).toBeLessThan(14);
    expect(events.filter(({ type }) => type === "step")).toHaveLength(last);
    const full = events.flatMap((event) => (event.type === "evaluation" && event.scope === "full" ? [event.step] : []));
    expect(full).toEqual([7, last]);
    expect([7, last]).toContain(run.best?.step);
    for (const { value } of model.parameters) expect((await readTensor(value)).every(Number.isFinite)).toBe(true);
  });

  it("skips the evaluation when it is stopped twice", async () => {
    const { events } = await runOf({}, (event, control) => {
      if (event.type !== "step" || event.step !== 9) return;
      control.stop();
      control.stop();
    });
    const full = events.flatMap((event) => (event.type === "evaluation" && event.scope === "full" ? [event.step] : []));
    expect(full).toEqual([7]);
    expect(events.at(-1)).toMatchObject({ reason: "stopped" });
  });

  it("goes on after a pause, whose time does not count", async () => {
    let began = NaN;
    let paused = NaN;
    let ended = NaN;
    const watch = (event: TrainEvent, control: RunControl) => {
      if (event.type === "plan") began = performance.now();
      if (event.type === "end") [paused, ended] = [control.pausedMs, performance.now()];
      if (event.type === "step" && event.step === 3) control.pause();
    };
    const { of } = await runOf({ epochs: 1 }, watch, {}, (_run, _events, control) => {
      setTimeout(() => control.resume(), 400);
    });
    expect(of("step")).toHaveLength(7);
    const [end] = of("end");
    expect(paused).toBeGreaterThan(390);
    // The run's own time and the pause lie one after the other between its first event and its last.
    const before = of("evaluation")[0]?.wallMs ?? NaN;
    expect((end?.wallMs ?? NaN) - before + paused).toBeLessThanOrEqual(ended - began);
  });
});

describe("a run that is paused", () => {
  it("has told all steps that it made before it rests", async () => {
    const rests: { made: number; told: number }[] = [];
    const watch = (event: TrainEvent, control: RunControl) => {
      if (event.type === "step" && event.step % 7 === 2) control.pause();
    };
    // Its steps take some milliseconds, so that several are made between two reads.
    const recipe = { epochs: 6, evaluationsPerEpoch: 1 };
    const { of } = await runOf(recipe, watch, {}, (run, events, control) => {
      rests.push({ made: run.currentStep, told: events.filter(({ type }) => type === "step").length });
      control.resume();
    });
    expect(of("step")).toHaveLength(42);
    expect(rests.length).toBeGreaterThan(2);
    expect(rests.map(({ told }) => told)).toEqual(rests.map(({ made }) => made));
  });
});

describe("a run that diverges", () => {
  it.each([1e6, 1e37])("says so, and its weights are still numbers: rate %d", async (learningRate) => {
    const { problem, model, of } = await runOf({ learningRate, warmupShare: 0, epochs: 4 });
    expect(problem?.found).toMatch(/At step \d+ the loss was/);
    expect(problem?.expected).toContain("diverged");
    expect(problem?.remedy).toContain("learning rate");
    expect(of("end")).toHaveLength(0);
    // All steps up to the third in a row that broke are told, that one too and none after it.
    const numbers = of("step").map(({ step, loss, gradientNorm, skipped = false }) => {
      expect(skipped).toBe(!isFinite(loss + gradientNorm));
      return { step, skipped };
    });
    expect(numbers.map(({ step }) => step)).toEqual(numbers.map((_, i) => i + 1));
    expect(numbers.slice(-3).map(({ skipped }) => skipped)).toEqual([true, true, true]);
    expect(numbers.slice(-4, -3).map(({ skipped }) => skipped)).not.toEqual([true]);
    expect(problem?.found).toContain(`At step ${numbers.length} `);
    for (const { name, value } of model.parameters) {
      expect((await readTensor(value)).every(Number.isFinite), name).toBe(true);
    }
  });

  it("keeps the best weights from before", async () => {
    let poisoned = false;
    const model = await tinyModel();
    const run = new TrainingRun(model, runData, tinyRecipe, new RunControl());
    const work = async () => {
      for await (const event of run.events()) {
        if (event.type !== "best" || poisoned) continue;
        poisoned = true;
        // What an overflow somewhere in the forward pass would do.
        const norm = model.parameters.find(({ name }) => name === "bert.encoder.layer.1.output.LayerNorm.weight");
        if (!norm) throw new Error("The model has no such LayerNorm.");
        norm.value = mul(norm.value, Infinity);
      }
    };
    await expect(work()).rejects.toThrow("diverged");
    expect(run.best?.step).toBe(7);
    for (const values of run.best?.weights.values() ?? []) expect(values.every(Number.isFinite)).toBe(true);
  });
});
