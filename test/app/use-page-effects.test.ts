import { describe, expect, it } from "vitest";
import { idleRun, type FoldsState, type RunState } from "../../src/app/state.ts";
import { endText, tabTitle } from "../../src/app/use-page-effects.ts";
import type { EndEvent, PlanEvent, StepEvent } from "../../src/workers/protocol.ts";
import { runEvents } from "./fake-session.ts";
import { pretrainStep } from "./run/events.ts";

describe("the tab's title", () => {
  const events = runEvents(100);
  const plan = events.find((event): event is PlanEvent => event.type === "plan") ?? null;
  const steps = events.filter((event): event is StepEvent => event.type === "step").slice(0, 42);
  const best = { type: "best", step: 34, epoch: 1, metric: "macroF1", value: 0.946 } as const;

  it("follows the run", () => {
    const loss = steps.slice(-10).reduce((sum, step) => sum + step.loss, 0) / 10;
    const pretraining: [] = [];
    expect(tabTitle({ status: "idle", pretraining, plan: null, steps: [], best: null })).toBe("Tabtune");
    expect(tabTitle({ status: "training", pretraining, plan, steps, best })).toBe(
      `42 % · loss ${loss.toFixed(2)} · Tabtune`,
    );
    expect(tabTitle({ status: "paused", pretraining, plan, steps, best })).toMatch(/^Paused · 42 %/);
    expect(tabTitle({ status: "training", pretraining, plan, steps: [], best: null })).toBe("0 % · Tabtune");
    expect(tabTitle({ status: "done", pretraining, plan, steps, best })).toBe("Done · macro F1 0.95 · Tabtune");
  });

  it("follows pretraining until the plan is there", () => {
    const run = { pretraining: [pretrainStep(12, 40, 2.309)], steps: [], best: null };
    expect(tabTitle({ ...run, status: "training", plan: null })).toBe("Pretraining 30 % · loss 2.31 · Tabtune");
    expect(tabTitle({ ...run, status: "paused", plan: null })).toMatch(/^Paused · Pretraining 30 %/);
    expect(tabTitle({ ...run, status: "training", plan })).toBe("0 % · Tabtune");
  });
});

describe("the words of a notification at the end", () => {
  const best = { type: "best", step: 34, epoch: 1, metric: "macroF1", value: 0.914 } as const;
  const events = runEvents(40);
  const plan = events.find((event): event is PlanEvent => event.type === "plan") ?? null;
  const ended = (reason: EndEvent["reason"], step: number): RunState => ({
    ...idleRun(),
    status: "done",
    plan,
    best,
    end: { type: "end", reason, step, wallMs: 1, trainingMs: 1 },
  });

  it("say how the run ended, with its best score", () => {
    expect(endText(ended("finished", 40))).toBe("Training finished: macro F1 0.91");
    expect(endText(ended("stopped", 12))).toBe("Training stopped at step 12: macro F1 0.91");
    expect(endText(ended("early", 36))).toBe("Training stopped early at step 36: macro F1 0.91");
    expect(endText({ ...ended("stopped", 0), best: null })).toBe("Training stopped before the first step");
  });

  it("use the metric of the task", () => {
    const numbers = plan && { ...plan, task: "regression" };
    const spearman = { ...best, metric: "spearman" } as const;
    expect(endText({ ...ended("finished", 40), plan: numbers, best: spearman })).toBe(
      "Training finished: Spearman correlation 0.91",
    );
  });

  it("say that a run failed, and where", () => {
    const steps = events.filter((event): event is StepEvent => event.type === "step").slice(0, 7);
    const failed = { ...idleRun(), status: "failed" } as const;
    expect(endText({ ...failed, plan, steps, best })).toBe("Training failed at step 7: macro F1 0.91");
    expect(endText(failed)).toBe("Training failed");
  });

  it("say the mean of a cross-validation", () => {
    const counts = { folds: 1, repeats: 1 };
    const done = [{ repeat: 1, fold: 1 }] as FoldsState["done"];
    const summary = { mean: { accuracy: 0.9, macroF1: 0.9 } } as unknown as FoldsState["summary"];
    const folds = { counts, task: "single-label", current: null, curves: [], done, summary };
    expect(endText({ ...idleRun(), status: "done", folds })).toMatch(/^Cross-validation finished: .* (0[.]9|90[.]0)/);
    expect(endText({ ...idleRun(), status: "done", folds: { ...folds, done: [] } })).toBe(
      "Cross-validation stopped after 0 of 1 folds",
    );
  });
});
