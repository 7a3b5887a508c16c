import { describe, expect, it } from "vitest";
import { tabTitle } from "../../src/app/tab-title.ts";
import { bytes, duration, short } from "../../src/app/figures.ts";
import { counted, percent, plainNumber } from "../../src/recipe/wording.ts";
import type { PlanEvent, StepEvent } from "../../src/workers/protocol.ts";
import { runEvents } from "./fake-session.ts";
import { pretrainStep } from "./run/events.ts";

const plain = (text: string) => text.replaceAll("\u202f", " ");

describe("words", () => {
  it("write numbers for people", () => {
    expect([counted(1, "row"), counted(5572, "row"), counted(0.05, "epoch")]).toEqual([
      "1 row",
      "5,572 rows",
      "0.05 epochs",
    ]);
    expect([0.8662, 0.004, 0.0001, 0.9996, 0, 1].map(percent).map(plain)).toEqual([
      "87 %",
      "0.4 %",
      "0.1 %",
      "99.9 %",
      "0 %",
      "100 %",
    ]);
    expect([999, 1500, 45_437_760, 1.2e9].map(bytes).map(plain)).toEqual(["999 bytes", "1.5 kB", "45 MB", "1.2 GB"]);
    expect([900, 22_713_216].map(short).map(plain)).toEqual(["900", "22.7 M"]);
    expect([200, 12_000, 180_000, 7_500_000].map(duration).map(plain)).toEqual([
      "under 1 s",
      "12 s",
      "3 min",
      "2 h 5 min",
    ]);
    expect([2e-5, 0.1, 0, 128].map(plainNumber)).toEqual(["2e-5", "0.1", "0", "128"]);
  });
});

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
