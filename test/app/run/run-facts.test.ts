import { describe, expect, it } from "vitest";
import { cutAt } from "../../../src/data/text-limit.ts";
import { duration } from "../../../src/app/figures.ts";
import { defaultRecipe } from "../../../src/recipe/recipe.ts";
import { idleRun, type RunState } from "../../../src/app/state.ts";
import { ratesOf, runFacts, shareDone, statusText, timeLeft } from "../../../src/app/run/run-facts.ts";
import { frameOf, pretrainFrameOf } from "../../../src/app/run/frame.ts";
import { closedLine, closedReason } from "../../../src/app/run/tab-reasons.ts";
import { timeTaken } from "../../../src/app/ProgressLine.tsx";
import { hasTrained, hasUnsavedModel } from "../../../src/app/run-outcome.ts";
import { tabTitle } from "../../../src/app/use-page-effects.ts";
import { evaluation, pretrainStep, stepEvent, stepEvents } from "./events.ts";

const running: RunState = {
  ...idleRun(),
  status: "training",
  plan: {
    type: "plan",
    task: "single-label",
    steps: 30,
    stepsPerEpoch: 10,
    epochs: 3,
    trainRows: 160,
    validationRows: 40,
    tokensPerEpoch: 4000,
    trainableParameters: 1,
    parameters: 1,
  },
  steps: stepEvents(12),
};

describe("the bar", () => {
  it("writes a part of an epoch in short", () => {
    const plan = running.plan && { ...running.plan, epochs: 14 / 279 };
    expect(runFacts({ ...running, plan })[0]?.value).toMatch(/ of 0[.]05$/);
  });

  it("has the same facts before, during and after, so that nothing moves", () => {
    const ended: RunState = {
      ...running,
      status: "done",
      end: { type: "end", reason: "stopped", step: 12, wallMs: 5000, trainingMs: 3000 },
    };
    expect(runFacts(running).map(({ value }) => value)).toEqual([
      "1.20 of 3",
      "12 of 30",
      "5\u202fs",
      "64",
      "1,600",
      "–",
    ]);
    expect(runFacts({ ...running, steps: [] }).length).toBe(6);
    expect(runFacts(ended)[2]).toEqual({ name: "Duration", value: "5\u202fs" });
    expect(statusText(ended)).toBe("Stopped at step 12.");
    expect(shareDone(ended)).toBe(0.4);
  });

  it("tells how far the frozen encoder is, and how long it will still take at its pace", () => {
    const progress = { what: "Running the frozen encoder once", done: 300, total: 1300 };
    const run: RunState = { ...running, progress };
    expect(statusText(run)).toBe("Running the frozen encoder once: 300 of 1,300");
    expect(timeTaken(progress, 100, 4000)).toEqual({ elapsed: 4000, left: 20_000 });
    expect(statusText(run, 20_000)).toBe("Running the frozen encoder once: 300 of 1,300, 20\u202fs left");
    expect(timeTaken(progress, 299, 4000).left).toBeNull();
    expect(timeTaken(progress, 100, 500).left).toBeNull();
    expect(timeTaken({ ...progress, total: 0 }, 0, 4000).left).toBeNull();
  });

  it("shows how far the pretraining is, until the plan of the fine-tuning is there", () => {
    const pretraining = [pretrainStep(11, 40, 2.4), pretrainStep(12, 40, 2.309)];
    const run: RunState = { ...idleRun(), status: "training", pretraining };
    expect(statusText(run)).toBe("Pretraining: step 12 of 40, loss 2.31");
    expect(shareDone(run)).toBe(0.3);
    expect(runFacts(run).length).toBe(6);
    expect(runFacts(run)[2]).toEqual({ name: "Pretraining left", value: "7\u202fs" });
    const end = { type: "end", reason: "finished", step: 30, wallMs: 5000, trainingMs: 3000 } as const;
    expect(runFacts({ ...run, plan: running.plan, end })[2]).toEqual({ name: "Duration", value: "8\u202fs" });
    expect(statusText({ ...run, plan: running.plan })).toBe("Training");
    expect(shareDone({ ...run, plan: running.plan, steps: stepEvents(3) })).toBe(0.1);
  });

  it("shows the preparation by its own amount", () => {
    const progress = { what: "Tokenizing", done: 50, total: 200 };
    const preparing: RunState = { ...idleRun(), status: "preparing", progress };
    expect(statusText(preparing)).toBe("Tokenizing: 50 of 200");
    expect(shareDone(preparing)).toBe(0.25);
  });

  it("shows by its own amount, too, how far a frozen encoder has run", () => {
    const progress = { what: "Running the frozen encoder once", done: 30, total: 120 };
    const extracting: RunState = { ...running, status: "training", progress };
    expect(statusText(extracting)).toBe("Running the frozen encoder once: 30 of 120");
    expect(shareDone(extracting)).toBe(0.25);
    expect(statusText({ ...extracting, progress: null })).toBe("Training");
  });
});

describe("frameOf", () => {
  it("draws epoch borders that lie within the axis, by step and by time", () => {
    expect(frameOf(running, "step").epochs).toEqual([10]);
    expect(frameOf({ ...running, steps: stepEvents(21) }, "step").epochs).toEqual([10, 20]);
    expect(frameOf(running, "wall").epochs).toEqual([2500]);
  });

  it("is of its own in pretraining, and ends at its last step", () => {
    const events = Array.from({ length: 25 }, (_, i) => pretrainStep(i + 1, 30, 2));
    expect(pretrainFrameOf(events, "step")).toMatchObject({ end: 30, epochs: [10, 20], best: null });
    expect(pretrainFrameOf(events, "wall").epochs).toEqual([2500, 5000]);
    expect(pretrainFrameOf([], "step")).toMatchObject({ end: 1, epochs: [] });
  });

  it("flags the best weights", () => {
    const best = { type: "best" as const, step: 10, epoch: 1, metric: "macroF1" as const, value: 0.9 };
    expect(frameOf({ ...running, best }, "training").best).toBe(2500);
    expect(frameOf(running, "step").best).toBeNull();
  });
});

describe("a run that failed", () => {
  const broken = (steps: number) => [...stepEvents(steps - 1), { ...stepEvent(steps), loss: NaN, gradientNorm: NaN }];

  it("never fills the bar, which ends with the last step that changed the weights", () => {
    expect(shareDone({ ...running, status: "failed", steps: broken(4) })).toBe(0.1);
    expect(shareDone({ ...running, status: "failed", steps: stepEvents(30) })).toBeLessThan(1);
    expect(shareDone({ ...idleRun(), status: "failed", pretraining: [pretrainStep(40, 40, 2)] })).toBe(0);
  });

  it("says how long it took, and which weights are the best, where there are any", () => {
    const failed: RunState = { ...running, status: "failed", steps: stepEvents(12), peakMemory: 2e6, end: null };
    expect(runFacts(failed)[2]).toEqual({ name: "Duration", value: duration(failed.steps.at(-1)?.wallMs ?? NaN) });
    expect(runFacts(failed)[5]).toEqual({ name: "Peak memory", value: "2.0\u202fMB" });
    const best = { type: "best" as const, step: 10, epoch: 1, metric: "macroF1" as const, value: 0.9 };
    expect(statusText({ ...failed, best })).toBe("Failed at step 12. Best: step 10, macro F1 0.900");
    expect(statusText({ ...failed, best: null })).toBe("Failed");
  });

  it("has trained unless it broke at its first step", () => {
    expect([1, 2].map((steps) => hasTrained({ ...running, steps: broken(steps) }))).toEqual([false, true]);
  });
});

describe("a run that was stopped before its first step", () => {
  const end = { type: "end", reason: "stopped", step: 0, wallMs: 900, trainingMs: 0 } as const;
  const best = { type: "best", step: 0, epoch: 0, metric: "macroF1", value: 0.3 } as const;
  const stopped: RunState = { ...running, status: "done", steps: [], best, end };

  it("is the baseline where no more was asked for", () => {
    const report = { rows: 20, accuracy: 0.8 };
    const baseline = { type: "baseline", task: "single-label", report, trainRows: 80, l2: 10, wallMs: 1 } as const;
    const plan = running.plan && { ...running.plan, steps: 0 };
    const quick: RunState = {
      ...stopped,
      ...{ plan, baseline, best: null, end: { ...end, reason: "finished" } },
      recipe: { ...defaultRecipe, effort: "quick" },
    };
    expect(statusText(quick)).toBe("Finished: the baseline alone, accuracy 0.800");
    expect(tabTitle(quick)).toBe("Done · Tabtune");
    expect(shareDone(quick)).toBe(1);
    expect(shareDone({ ...quick, status: "training", end: null })).toBe(0);
  });

  it("is no trained model: nothing to save, no tab but the training's", () => {
    expect(statusText(stopped)).toBe("Stopped before the first step: nothing was trained.");
    expect(tabTitle(stopped)).toBe("Stopped · Tabtune");
    expect(hasUnsavedModel(stopped)).toBe(false);
    const facts = { status: stopped.status, trained: hasTrained(stopped), model: noModel };
    expect(
      (["results", "errors", "try", "download"] as const).filter((tab) => closedReason(tab, facts) === null),
    ).toEqual([]);
    const made = { ...stopped, end: { ...end, step: 1 }, steps: stepEvents(1) };
    expect([hasTrained(made), hasUnsavedModel(made)]).toEqual([true, true]);
  });
});

describe("tabs", () => {
  it("open when a run has ended; try it also with a checkpoint's own classifier, while nothing trains", () => {
    const head = { kind: "multi-label" as const, classes: ["a", "b"], obstacle: null };
    const model = { ...noModel, head };
    expect(closedReason("results", { status: "done", trained: true, model: null })).toBeNull();
    expect(closedReason("results", { status: "training", trained: false, model })).not.toBeNull();
    expect(closedReason("try", { status: "idle", trained: false, model })).toBeNull();
    expect(closedReason("try", { status: "idle", trained: false, model: noModel })).not.toBeNull();
    expect(closedReason("try", { status: "training", trained: false, model })).not.toBeNull();
    expect(closedReason("results", { status: "failed", trained: true, model })).toBeNull();
    expect(closedReason("results", { status: "failed", trained: false, model })).not.toBeNull();
    expect(closedLine({ status: "done", trained: true, model: noModel })).toBe("");
    expect(closedLine({ status: "training", trained: false, model: noModel })).toBe(
      "Results, Errors and Download open when a run has ended or was stopped after its first step. " +
        "Try it opens when this run has ended.",
    );
  });
});

const noModel = {
  name: "MiniLM",
  layers: 6,
  hiddenSize: 384,
  heads: 12,
  intermediateSize: 1536,
  parameters: 22_713_216,
  dtype: "float16",
  vocabularySize: 30_522,
  typeVocabularySize: 2,
  maxPositions: 512,
  bytes: 45_000_000,
  labelNames: null,
  head: { kind: "none" as const, classes: null, obstacle: "The checkpoint has no classifier." },
  hasPooler: true,
  family: "bert",
  languageHead: "new" as const,
  pooling: "pooler" as const,
  notes: [],
  licence: "",
  lowercase: true,
  sentencePooling: null,
  limit: cutAt(512),
};

describe("ratesOf", () => {
  it("counts rows and real tokens by training time", () => {
    expect(ratesOf(stepEvents(5))).toEqual({ rowsPerSecond: 64, tokensPerSecond: 1600 });
    expect(ratesOf(stepEvents(1))).toBeNull();
  });

  it("looks at the last 50 steps only", () => {
    const slow = stepEvents(100).map((step) => ({ ...step, trainingMs: step.step * 1000 }));
    const fast = Array.from({ length: 60 }, (_, i) => stepEvent(101 + i, { trainingMs: 100_000 + (i + 1) * 100 }));
    expect(ratesOf([...slow, ...fast])?.rowsPerSecond).toBeCloseTo(160);
  });
});

describe("steps that are read in bunches", () => {
  // 64 steps a second, read 32 at a time; the last two bunches come at once when a run is stopped.
  const bunched = Array.from({ length: 256 }, (_, i) => {
    const read = Math.min(224, Math.ceil((i + 1) / 32) * 32);
    return stepEvent(i + 1, { trainingMs: (read / 64) * 1000 + i * 0.01 });
  });

  it("have the pace of several bunches", () => {
    const { rows } = stepEvent(1, {});
    const rate = ratesOf(bunched)?.rowsPerSecond ?? NaN;
    expect(rate / (64 * rows)).toBeGreaterThan(0.7);
    expect(rate / (64 * rows)).toBeLessThan(1.5);
    expect(timeLeft(bunched, [], 320)).toBeGreaterThan(600);
  });
});

describe("timeLeft", () => {
  it("is the remaining steps at the present pace", () => {
    expect(timeLeft(stepEvents(20), [], 100)).toBe(80 * 250);
    expect(timeLeft(stepEvents(100), [], 100)).toBe(0);
    expect(timeLeft(stepEvents(1), [], 100)).toBeNull();
  });

  it("adds the evaluations to come, and is not misled by a pause", () => {
    // An evaluation of 1 s after steps 5, 10 and 15, a pause of a minute within the second.
    const extra = (step: number) => (step > 5 ? 1000 : 0) + (step > 10 ? 61_000 : 0) + (step > 15 ? 1000 : 0);
    const steps = stepEvents(20).map((step) => ({ ...step, wallMs: step.trainingMs + extra(step.step) }));
    const evaluations = [5, 10, 15].map((step) => evaluation(step, "sample", 100, 5));
    expect(timeLeft(steps, evaluations, 40)).toBeCloseTo(20 * 250 + 3 * 1000);
  });
});
