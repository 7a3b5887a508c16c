import { describe, expect, it } from "vitest";
import { advise } from "../../src/advice/advice.ts";
import type { RunRecord } from "../../src/advice/record.ts";
import { falling, flat, guessing, ruined, still, tooShort } from "./poor-runs.ts";
import { aimless, always, learned, shortRun } from "./short-run.ts";

const foundIn = (run: RunRecord) => advise(run).map(({ id }) => id);
const only = (run: RunRecord) => {
  const findings = advise(run);
  expect(findings).toHaveLength(1);
  return findings[0] ?? expect.unreachable();
};
const patchOf = (run: RunRecord) =>
  Object.assign({}, ...only(run).remedies.map(({ change }) => change?.patch ?? {})) as object;

describe("a run of too few steps", () => {
  /** 80 classes, three steps: macro F1 0.000. */
  const eighty = shortRun({
    supports: Array<number>(80).fill(2),
    steps: 3,
    stepsPerEpoch: 1,
    lossAt: flat(4.38),
    before: aimless(80),
    after: (_, row) => always(80, row % 79, 0.05)(),
  });
  const majority = shortRun(tooShort);
  const three = shortRun({
    supports: [10, 10, 10],
    steps: 24,
    stepsPerEpoch: 8,
    lossAt: falling(1.1, 0.9, 24),
    before: aimless(3),
    after: (truth, row) => learned(3, 6)(truth, row).map((logit) => logit / 4),
  });

  it("is named, with its scores beside those of a guess, and with more epochs", () => {
    expect(only(eighty)).toMatchObject({ id: "too-few-steps", title: "Too few steps to judge", certainty: "clear" });
    expect(only(eighty).text).toMatch(
      /^The run had 3 steps\. At step 3 validation loss is 4\.38, accuracy 0\.0\d\d and macro F1 0\.0\d\d; guessing by class frequency gives a loss of 4\.38 and an accuracy of 0\.013\. It is clear/,
    );
    expect(patchOf(eighty)).toEqual({ epochs: 20 });
    expect(only(majority).text).toContain("accuracy 0.870 and macro F1 0.465");
    expect(patchOf(majority)).toEqual({ epochs: 20 });
    expect(foundIn(three)).toEqual(["too-few-steps"]);
  });

  it("may have been stopped, or have failed, of which it need only go on", () => {
    const stopped: RunRecord = { ...majority, state: "stopped", plan: { ...majority.plan, steps: 400 } };
    expect(only(stopped).text).toMatch(/^The run was stopped after 12 of 400 steps\./);
    expect(only(stopped).remedies.map(({ text }) => text)).toContain("Let the run go on to its end.");
    expect(patchOf(stopped)).toEqual({});
    const failed: RunRecord = { ...stopped, state: "failed", evaluations: [] };
    expect(only(failed).text).toMatch(/^The run failed after 12 of 400 steps\. It was not evaluated after a step\./);
    const none: RunRecord = { ...stopped, steps: [], evaluations: [] };
    expect(only(none).text).toMatch(/^The run was stopped after 0 of 400 steps\./);
  });

  it("is none where it is the baseline alone", () => {
    const recipe = { ...majority.recipe, effort: "quick" as const };
    expect(foundIn({ ...majority, recipe, steps: [], evaluations: [] })).not.toContain("too-few-steps");
  });

  it("has a low rate raised", () => {
    expect(patchOf({ ...majority, recipe: { ...majority.recipe, learningRate: 1e-7 } })).toMatchObject({
      learningRate: 2e-5,
    });
  });

  it("is not one that learned all the same, or that still goes on", () => {
    const quick = shortRun({
      supports: [40, 40],
      steps: 60,
      stepsPerEpoch: 20,
      lossAt: falling(0.69, 0.1, 60),
      before: aimless(2),
      after: learned(2, 10),
    });
    expect(foundIn(quick)).toEqual([]);
    expect(foundIn({ ...majority, state: "running" })).toEqual([]);
  });
});

describe("a loss at guessing level", () => {
  it("is named after a run long enough, with a higher rate and more epochs", () => {
    const run = shortRun({ ...guessing, recipe: { learningRate: 2e-5 } });
    expect(only(run)).toMatchObject({ id: "guessing", title: "Loss is at guessing level", severity: "high" });
    expect(patchOf(run)).toMatchObject({ learningRate: 1e-4, epochs: 6 });
  });

  it("is put down to the rate where that is far too high, however few the steps", () => {
    for (const [learningRate, changes] of [
      [0.1, { learningRate: 5e-5 }],
      [0.02, { learningRate: 5e-5 }],
      [0.1, { loraRank: 8, learningRate: 2.5e-4 }],
    ] as const) {
      const run = shortRun({ ...guessing, steps: 30, recipe: { ...changes, learningRate } });
      expect(only(run).text).toContain(`a rate of ${learningRate} is far above what is common`);
      expect(patchOf(run)).toMatchObject({ learningRate: changes.learningRate });
    }
  });

  it("can lie in one class for all rows, though the loss is lower", () => {
    const run = shortRun({
      ...guessing,
      supports: [87, 13],
      lossAt: falling(0.69, 0.34, 400),
      before: aimless(2),
      after: always(2, 0, 1.9),
    });
    expect(foundIn(run)).toEqual(["guessing"]);
    expect(patchOf(run)).toMatchObject({ classWeights: "balanced" });
  });

  it("is not seen in a model that tells the classes apart", () => {
    expect(foundIn(shortRun({ ...guessing, lossAt: falling(1.4, 0.4, 400), after: learned(3, 9) }))).toEqual([]);
  });
});

describe("a run that made the model worse", () => {
  it("is named with both scores, and lowers a wild rate to a common one", () => {
    const run = shortRun({ ...ruined, recipe: { learningRate: 0.1 } });
    expect(only(run)).toMatchObject({ id: "worse-than-start", title: "Training made it worse than step 0" });
    expect(only(run).text).toMatch(
      /^Before the first step validation loss was 0\.69\d and accuracy 0\.5 ?\d*.*\(100 rows\); at step 60 they are 1\.5\d and 0\.500 \(100 rows\)\. It is clear that this run, at a rate of 0\.1, damaged/,
    );
    expect(patchOf(run)).toMatchObject({ learningRate: 5e-5 });
  });

  it("can be one that a trained classifier lost its accuracy in, or whose loss is no number", () => {
    const retrained = shortRun({
      ...ruined,
      supports: [30, 30, 30],
      before: learned(3, 9),
      after: (truth, row) => learned(3, 4)(truth, row).map((logit) => 2 * logit),
      recipe: { learningRate: 5e-4 },
    });
    expect(foundIn(retrained)).toEqual(["worse-than-start"]);
    expect(patchOf(retrained)).toMatchObject({ learningRate: 1.3e-4 });
    expect(foundIn(shortRun({ ...ruined, after: () => [NaN, NaN] }))).toEqual(["worse-than-start"]);
  });

  it("is not one whose accuracy rose with the loss", () => {
    const surer = shortRun({
      ...ruined,
      steps: 200,
      lossAt: falling(0.69, 0.1, 200),
      after: (truth, row) => learned(2, 8)(truth, row).map((logit) => 3 * logit),
    });
    expect(foundIn(surer)).toEqual([]);
  });
});

describe("a run that hardly moved", () => {
  it("is named by its rate, which is raised", () => {
    const run = shortRun({ ...still, recipe: { learningRate: 1e-8 } });
    expect(only(run)).toMatchObject({ id: "hardly-moved", title: "The run hardly moved" });
    expect(only(run).text).toContain("150 steps at a rate of 1e-8 changed hardly anything");
    expect(patchOf(run)).toMatchObject({ learningRate: 2e-5, epochs: 9 });
  });

  it("can be a trained classifier's, or one whose weights are all frozen but the head", () => {
    const before = (truth: number, row: number) => learned(2, 8)(truth, row);
    const trained = shortRun({ ...still, lossAt: flat(0.5), before, after: before, recipe: { learningRate: 1e-9 } });
    expect(foundIn(trained)).toEqual(["hardly-moved"]);
    const frozen = ["embeddings.", "encoder."];
    const run = shortRun({ ...still, recipe: { frozen, learningRate: 1e-6 } });
    expect(only(run).remedies.map(({ change }) => change?.patch)).toContainEqual({ learningRate: 1e-3 });
  });

  it("is not one whose loss had nowhere to fall", () => {
    const done = shortRun({
      ...still,
      lossAt: flat(0.01),
      before: (truth, row) => learned(2, 10)(truth, row).map((logit) => 2 * logit),
      after: (truth, row) => learned(2, 10)(truth, row).map((logit) => 2 * logit),
    });
    expect(foundIn(done)).toEqual([]);
  });
});
