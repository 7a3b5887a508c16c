import { describe, expect, it } from "vitest";
import { tabTitle } from "../../src/app/use-page-effects.ts";
import type { PlanEvent, StepEvent } from "../../src/workers/protocol.ts";
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
