import { describe, expect, it } from "vitest";
import { viewOf } from "../../src/advice/view.ts";
import { recordedRun } from "./recorded-run.ts";

describe("the reference values of a training loss", () => {
  const run = recordedRun("imbalance");
  const counts = [300, 60, 40];
  const record = { ...run, labelNames: ["a", "b", "c"], data: { ...run.data, trainCounts: counts } };
  const scaleOf = (changes: Partial<typeof run.recipe>) =>
    viewOf({ ...record, recipe: { ...record.recipe, ...changes } }).scale;
  const guessed = (factor: (share: number) => number) =>
    counts.map((count) => count / 400).reduce((sum, share) => sum - share * factor(share) * Math.log(share), 0);

  it("are those of a guess by class frequency and of a sure model", () => {
    expect(scaleOf({})).toEqual({ chance: guessed(() => 1), floor: 0 });
    expect(scaleOf({ labelSmoothing: 0.3 }).floor).toBeCloseTo(-0.8 * Math.log(0.8) - 0.2 * Math.log(0.1), 10);
  });

  it.each([{ classWeights: "balanced" }, { classWeights: "effective" }, { sampling: "undersample" }] as const)(
    "count all classes alike with %j",
    (changes) => expect(scaleOf(changes).chance).toBeCloseTo(Math.log(3), 10),
  );

  it("are lower for a focal loss, which smoothing does not change", () => {
    const focal = scaleOf({ focalGamma: 2, labelSmoothing: 0.3 });
    expect(focal.chance).toBeCloseTo(
      guessed((share) => (1 - share) ** 2),
      10,
    );
    expect(focal.floor).toBe(0);
  });
});
