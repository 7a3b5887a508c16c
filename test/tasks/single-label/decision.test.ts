import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Thresholds } from "../../../src/metrics/decision.ts";
import { trainedMultiLabel } from "../../../src/tasks/multi-label/multi-label.ts";
import { trainedSingleLabel as task } from "../../../src/tasks/single-label/single-label.ts";

const names = ["a", "b", "c"];

function scored(labels: Int32Array, logits: Float32Array, own = task) {
  if (own.scoring.reads !== "outputs") throw new Error("Outputs were expected.");
  const scorer = own.scoring.scorer({ labels }, names, true);
  scorer.add(logits);
  return { truth: { labels }, report: scorer.report(), scores: scorer.scores() };
}

function decidedBy(thresholds: Thresholds, own = task) {
  if (!own.decision) throw new Error("Classes have thresholds.");
  return own.decision.at(thresholds);
}

// Logits that differ by rounding alone may have equal probabilities.
const logit = fc.integer({ min: -48, max: 48 }).map((eighths) => eighths / 8);
const rows = fc
  .array(fc.tuple(fc.nat(2), fc.tuple(logit, logit, logit)), { minLength: 1, maxLength: 40 })
  .map((all) => ({
    labels: Int32Array.from(all, ([label]) => label),
    logits: Float32Array.from(all.flatMap(([, logits]) => logits)),
  }));
const thresholds = fc.array(fc.option(fc.integer({ min: 1, max: 99 }).map((n) => n / 100 + 1e-5)), {
  minLength: 3,
  maxLength: 3,
});

describe("thresholds of classes", () => {
  it("change what is predicted and what follows from it, and neither probabilities nor loss", () => {
    fc.assert(
      fc.property(rows, thresholds, ({ labels, logits }, set) => {
        const plain = scored(labels, logits);
        const own = decidedBy(set);
        const after = scored(labels, logits, own);
        expect(after.scores.probabilities).toEqual(plain.scores.probabilities);
        expect(after.report.logLoss).toBe(plain.report.logLoss);
        expect(own.predictionsOf(logits, names).map(({ label }) => names.indexOf(label))).toEqual([
          ...after.scores.predicted,
        ]);
        const right = after.scores.predicted.filter((label, row) => label === labels[row]).length;
        expect(after.report.accuracy).toBeCloseTo(right / labels.length, 12);
        expect(own.decision?.again(plain, names, 1)).toEqual({ scores: after.scores, report: after.report });
      }),
    );
  });

  it("are compared with probabilities that a temperature has changed", () => {
    fc.assert(
      fc.property(rows, thresholds, ({ labels, logits }, set) => {
        const cooled = task.ofConfig?.({ tabtune: { temperature: 2 } }, names) ?? task;
        const own = decidedBy(set, cooled);
        const again = own.decision?.again(scored(labels, logits), names, 2);
        expect(again?.scores.predicted).toEqual(scored(labels, logits, own).scores.predicted);
      }),
    );
  });

  it("are stated in config.json, read from there, and said in the card", () => {
    const own = decidedBy([null, 0.3, 0.8]);
    const tabtune = own.tabtuneConfig?.(names);
    expect(tabtune).toEqual({ thresholds: { b: 0.3, c: 0.8 }, thresholdsByHand: true });
    const read = task.ofConfig?.({ tabtune }, names) ?? task;
    expect(read.tabtuneConfig?.(names)).toEqual(tabtune);
    expect(read.decision?.thresholds(names)).toEqual([null, 0.3, 0.8]);
    const card = own.card.decision?.(names);
    expect(card?.words).toContain("set by hand: b from a probability of 0.3000 on, c from a probability of 0.8000 on");
    expect(card?.python[0]).toBe('thresholds = {"b":0.3,"c":0.8}');
    expect(decidedBy([null, null, null], own).tabtuneConfig).toBeUndefined();
    expect(task.card.decision).toBeUndefined();
    for (const config of [{}, null, { tabtune: { thresholds: { d: 0.2, a: "0.1", b: 0 } } }]) {
      expect(task.ofConfig?.(config, names).tabtuneConfig).toBeUndefined();
    }
  });

  it("have the probability of what is predicted as its confidence", () => {
    const own = decidedBy([0.1, null, null]);
    const [prediction = null] = own.predictionsOf(Float32Array.of(0, 1, 0), names);
    expect(prediction?.label).toBe("a");
    expect(own.printed.json(prediction, names)).toMatchObject({ label: "a", confidence: prediction?.probabilities[0] });
  });
});

describe("thresholds of labels that were set by hand", () => {
  it("are not said to be tuned, also after config.json", () => {
    const own = trainedMultiLabel.decision?.at([0.2, null, 0.9]);
    const tabtune = own?.tabtuneConfig?.(names);
    expect(tabtune).toEqual({ thresholds: { a: 0.2, b: 0.5, c: 0.9 }, thresholdsByHand: true });
    const read = trainedMultiLabel.ofConfig?.({ tabtune }, names);
    expect(read?.tabtuneConfig?.(names)).toEqual(tabtune);
    expect(read?.card.outputs(names)).toContain("its own threshold, set by hand");
  });
});
