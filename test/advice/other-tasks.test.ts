import { expect, it } from "vitest";
import { advise } from "../../src/advice/advice.ts";
import type { RunRecord } from "../../src/advice/record.ts";
import { falling, guessing } from "./poor-runs.ts";
import { shortRun } from "./short-run.ts";

/** A run as the advice gets it where rows have several labels or a number: without reports and without classes. */
function withoutClasses(run: RunRecord): RunRecord {
  return { ...run, evaluations: [], data: { ...run.data, trainCounts: [] } };
}

const short = shortRun({ ...guessing, steps: 60, stepsPerEpoch: 20, lossAt: falling(1, 0.8, 60) });

it("says of a short classifier that was never evaluated that nothing is known of it", () => {
  expect(advise({ ...short, evaluations: [] })[0]?.text).toContain("It was not evaluated after a step.");
});

it("is silent about the outcome of other tasks, whose reports it does not read", () => {
  expect(advise(withoutClasses(short))).toEqual([]);
  expect(advise(withoutClasses(shortRun({ ...guessing, lossAt: (step) => 40 / step })))).toEqual([]);
});

it("finds numbers that overflowed in any task, without the loss of guessing classes", () => {
  const steps = short.steps.map((facts) => (facts.step > 40 ? { ...facts, loss: NaN } : facts));
  const [found] = advise(withoutClasses({ ...short, steps, state: "failed" }));
  expect(found).toMatchObject({ id: "instability", title: "The steps were too large" });
  expect(found?.text).not.toMatch(/guessing|NaN/);
  expect(advise({ ...short, steps, state: "failed" })[0]?.text).toContain("guessing gives a loss of");
});
