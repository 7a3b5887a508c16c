import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { trainedSingleLabel as task } from "../../../src/tasks/single-label/single-label.ts";

const names = ["a", "b", "c"];
const { calibration } = task;
if (!calibration) throw new Error("Classes are calibrated.");

function scored(labels: Int32Array, logits: Float32Array, own = task) {
  if (own.scoring.reads !== "outputs") throw new Error("Outputs were expected.");
  const scorer = own.scoring.scorer({ labels }, names, true);
  scorer.add(logits);
  return { report: scorer.report(), scores: scorer.scores() };
}

// Logits that differ by rounding alone may be equal once they are divided.
const logit = fc.integer({ min: -64, max: 64 }).map((eighths) => eighths / 8);
const rows = fc
  .array(fc.tuple(fc.nat(2), fc.tuple(logit, logit, logit)), { minLength: 30, maxLength: 60 })
  .map((all) => ({
    labels: Int32Array.from(all, ([label]) => label),
    logits: Float32Array.from(all.flatMap(([, logits]) => logits)),
  }));

describe("a temperature that was found on validation rows", () => {
  it("makes these rows at least as likely, and changes no class", () => {
    fc.assert(
      fc.property(rows, ({ labels, logits }) => {
        const plain = scored(labels, logits);
        const own = calibration.of({ labels }, plain.scores, names);
        if (!own) return;
        const after = scored(labels, logits, own);
        expect(after.report.logLoss).toBeLessThanOrEqual(plain.report.logLoss + 1e-5);
        expect(after.report.accuracy).toBe(plain.report.accuracy);
      }),
    );
  });

  it("is stated in config.json, read from there, and applied to predictions", () => {
    const own = task.ofConfig?.({ tabtune: { temperature: 2 } }, names) ?? task;
    expect(own.tabtuneConfig?.(names)).toEqual({ temperature: 2 });
    const halves = task.predictionsOf(Float32Array.of(1, 2, 0), names);
    expect(own.predictionsOf(Float32Array.of(2, 4, 0), names)).toEqual(halves);
    expect(own.card.outputs(names)).toContain("divides the logits by the temperature 2.0000");
    for (const config of [{}, null, { tabtune: { temperature: "2" } }, { tabtune: { temperature: 0 } }]) {
      expect(task.ofConfig?.(config, names).tabtuneConfig).toBeUndefined();
    }
  });

  it("is none where all rows are right, of which no temperature is the best", () => {
    const labels = Int32Array.of(0, 1, 2);
    const { scores } = scored(labels, Float32Array.of(4, 0, 0, 0, 4, 0, 0, 0, 4));
    expect(calibration.of({ labels }, scores, names)).toBeNull();
  });
});
