import { describe, expect, it } from "vitest";
import type { RowLabels } from "../../src/data/row-labels.ts";
import { createRandom } from "../../src/data/random.ts";
import { selectedResults } from "../../src/run/selected-results.ts";
import type { Results } from "../../src/run/results.ts";
import { trainedTaskNamed } from "../../src/tasks/trained-tasks.ts";

const labelNames = ["ham", "spam", "joke"];

/** Rows of a task with outputs by seed, scored as a run scores them. */
function scored(name: string, truth: RowLabels, width: number, rows: Int32Array | null = null) {
  const task = trainedTaskNamed(name);
  const random = createRandom(3);
  const { labels, labelWidth = 1 } = truth;
  const count = labels.length / labelWidth;
  const outputs = Float32Array.from({ length: count * width }, () => 4 * random() - 2);
  const { scoring } = task;
  if (scoring.reads !== "outputs") throw new Error("Outputs of rows were expected.");
  const picked = rows ?? Int32Array.from({ length: count }, (_, row) => row);
  const own = Array.from(picked, (row) => Array.from(labels.subarray(row * labelWidth, (row + 1) * labelWidth))).flat();
  const kept = labels instanceof Int32Array ? Int32Array.from(own) : Float32Array.from(own);
  const ofRows: RowLabels = { labels: kept, ...(truth.labelWidth !== undefined && { labelWidth }) };
  const scorer = scoring.scorer(ofRows, labelNames, true);
  for (const row of picked) scorer.add(outputs.subarray(row * width, (row + 1) * width));
  const results: Results = {
    task: name,
    weights: "best",
    step: 3,
    labelNames,
    report: scorer.report(),
    truth: ofRows,
    scores: scorer.scores(),
  };
  return { task, results };
}

const tasks: [string, RowLabels, number][] = [
  ["single-label", { labels: Int32Array.from({ length: 40 }, (_, row) => row % 3) }, 3],
  ["multi-label", { labels: Float32Array.from({ length: 120 }, (_, i) => Number(i % 4 === 0)), labelWidth: 3 }, 3],
  ["regression", { labels: Float32Array.from({ length: 40 }, (_, row) => row / 7) }, 1],
];

describe("results of selected rows", () => {
  it.each(tasks)("are those of a scoring of these rows alone: %s", (name, truth, width) => {
    const rows = Int32Array.of(2, 3, 7, 8, 21, 39);
    const { task, results } = scored(name, truth, width);
    const own = selectedResults(task, results, rows);
    const alone = scored(name, truth, width, rows).results;
    const rounded = (value: unknown) =>
      JSON.stringify(value, (_, one: unknown) => (typeof one === "number" ? Number(one.toPrecision(6)) : one));
    expect(rounded(own.report)).toBe(rounded(alone.report));
    expect(own.scores).toEqual(alone.scores);
    expect(own.truth).toEqual(alone.truth);
    expect(own.places).toEqual(rows);
    expect(own.intervals?.draws).toBeGreaterThan(0);
  });

  it("leave out rows that were not scored, and name the others by their places among the validation rows", () => {
    const [name, truth, width] = ["single-label", { labels: Int32Array.of(0, 1, 2, 0) }, 3] as const;
    const { task, results } = scored(name, truth, width);
    const own = selectedResults(task, { ...results, places: Int32Array.of(5, 9, 12, 30) }, Int32Array.of(1, 9, 30));
    expect(own.places).toEqual(Int32Array.of(9, 30));
    expect(own.truth.labels).toEqual(Int32Array.of(1, 0));
  });

  it("are a report without rows where none is selected", () => {
    for (const [name, truth, width] of tasks) {
      const { task, results } = scored(name, truth, width);
      expect(selectedResults(task, results, new Int32Array(0)).report.rows, name).toBe(0);
    }
  });
});
