import { expect, it } from "vitest";
import { ofClassifier } from "../../src/advice/record.ts";
import { MultiLabelScorer } from "../../src/metrics/multi-label/scorer.ts";
import { reportOf } from "../../src/metrics/report-of.ts";

it("takes reports of one class per row, and none of several labels, which have a log loss too", () => {
  const oneClass = { report: reportOf(Int32Array.of(0, 1), Float32Array.of(1, 0, 0, 1), 2) };
  const scorer = new MultiLabelScorer({ truth: Uint8Array.of(1, 0), labels: 2 });
  scorer.add(Float32Array.of(1, -1));
  expect(ofClassifier([oneClass, { report: scorer.report() }])).toEqual([oneClass]);
});
