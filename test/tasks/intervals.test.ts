import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRandom } from "../../src/data/random.ts";
import type { RowLabels } from "../../src/data/row-labels.ts";
import { drawsFor, percentileIntervals } from "../../src/metrics/bootstrap.ts";
import { intervalsOf } from "../../src/tasks/intervals.ts";
import type { AnyScores, Redrawn, TrainedTask } from "../../src/tasks/task.ts";
import { trainedTaskNamed } from "../../src/tasks/trained-tasks.ts";

interface Case {
  labels: number[];
  logits: number[];
  intervals: Record<string, [number, number] | null>;
}
interface Reference {
  classes: Case;
  labels: Case;
  numbers: { labels: number[]; predicted: number[]; intervals: Case["intervals"] };
  entities: { names: string[]; labels: number[][]; predicted: number[][]; intervals: Case["intervals"] };
}

/** By scikit-learn, scipy, seqeval and numpy's percentiles on the same draws: `make_bootstrap.py`. */
const file = new URL("../reference/bootstrap.json", import.meta.url);
const reference = JSON.parse(readFileSync(file, "utf8")) as Reference;

/** Rows scored by a task of one vector of outputs for each. */
function scored(name: string, truth: RowLabels, outputs: number[], names: string[]) {
  const task = trainedTaskNamed(name);
  if (task.scoring.reads !== "outputs") throw new Error("Outputs were expected.");
  const scorer = task.scoring.scorer(truth, names, true);
  scorer.add(Float32Array.from(outputs));
  return { task, truth, scores: scorer.scores(), report: scorer.report(), names };
}

const classes = scored(
  "single-label",
  { labels: Int32Array.from(reference.classes.labels) },
  reference.classes.logits,
  ["a", "b", "c", "d"],
);
const marks = { labels: Float32Array.from(reference.labels.labels), labelWidth: 3 };
const labels = scored("multi-label", marks, reference.labels.logits, ["a", "b", "c"]);
const numbers = scored(
  "regression",
  { labels: Float32Array.from(reference.numbers.labels) },
  reference.numbers.predicted,
  ["n"],
);

/** Texts of words of one letter, with predicted tags. */
function texts({ labels: tags, predicted, names }: Reference["entities"]) {
  const starts = Int32Array.from([0, ...tags].map((_, row) => tags.slice(0, row).flat().length));
  const words = tags.flatMap((row) => row.flatMap((tag, word) => [2 * word, 2 * word + 1, tag]));
  const truth = { labels: Int32Array.from(words), labelStart: starts.map((start) => 3 * start) };
  const all = predicted.flat();
  const scores = {
    starts,
    predicted: Int32Array.from(all),
    probabilities: Float32Array.from(all, () => 0.5),
    losses: Float32Array.from(all, () => Math.LN2),
  };
  return { task: trainedTaskNamed("token-classification"), truth, scores, names };
}
const entities = texts(reference.entities);

const cases: [
  string,
  { task: TrainedTask; truth: RowLabels; scores: AnyScores; names: string[] },
  Case["intervals"],
][] = [
  ["classes", classes, reference.classes.intervals],
  ["several labels", labels, reference.labels.intervals],
  ["numbers", numbers, reference.numbers.intervals],
  ["entities, by text", entities, reference.entities.intervals],
];

describe("95 % intervals", () => {
  it.each(cases)("equal scikit-learn's figures and numpy's percentiles on the same draws: %s", (_, own, expected) => {
    const { task, truth, scores, names } = own;
    const found = intervalsOf(task, truth, scores, names);
    expect(found).toMatchObject({ draws: 1000, seed: 42 });
    expect(Object.keys(found?.of ?? {})).toEqual(task.metrics.map(({ key }) => key));
    for (const [key, ends] of Object.entries(expected)) {
      const [low = NaN, high = NaN] = ends ?? [];
      expect(found?.of[key]?.[0], key).toBeCloseTo(low, 5);
      expect(found?.of[key]?.[1], key).toBeCloseTo(high, 5);
    }
  });

  it.each([
    ["classes", classes],
    ["several labels", labels],
    ["numbers", numbers],
  ] as const)("are drawn of reports that are those of the rows where each is drawn once: %s", (_, own) => {
    const { task, truth, scores, names, report } = own;
    const drawn = task.redrawn?.(truth, scores, names) as Redrawn;
    const again = drawn.reportOf(new Int32Array(drawn.rows).fill(1));
    for (const { key, of } of task.metrics) expect(of(again), key).toBeCloseTo(of(report), 6);
  });

  it("are of 1,000 draws, and of very many rows of fewer", () => {
    expect(drawsFor({ rows: 5000, width: 56 })).toBe(1000);
    expect(drawsFor({ rows: 1_000_000, width: 56 })).toBe(200);
  });
});

describe("percentileIntervals", () => {
  const mean = (values: readonly number[]) => (times: Int32Array) => ({
    mean: values.reduce((sum, value, row) => sum + value * (times[row] ?? 0), 0) / values.length,
  });
  const intervals = (values: readonly number[], seed: number) =>
    percentileIntervals({ rows: values.length, random: createRandom(seed) }, mean(values));
  const rows = fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 20, maxLength: 60 });

  it("hold the figure of the rows, are the same for a seed, and move with the rows", () => {
    fc.assert(
      fc.property(rows, fc.nat(), fc.integer({ min: -50, max: 50 }), (values, seed, shift) => {
        const [low, high] = intervals(values, seed).of.mean ?? [NaN, NaN];
        const center = values.reduce((sum, value) => sum + value, 0) / values.length;
        expect(low).toBeLessThanOrEqual(center + 1e-9);
        expect(high).toBeGreaterThanOrEqual(center - 1e-9);
        expect(intervals(values, seed).of.mean).toEqual([low, high]);
        const moved = intervals(
          values.map((value) => value + shift),
          seed,
        ).of.mean;
        expect(moved?.[0]).toBeCloseTo(low + shift, 6);
        expect(moved?.[1]).toBeCloseTo(high + shift, 6);
      }),
      { numRuns: 20 },
    );
  });

  it("depend on the order of the rows no more than on the seed", () => {
    const values = Array.from({ length: 400 }, (_, i) => Math.sin(i) * 10);
    const widthOf = ([low, high]: readonly [number, number] | readonly number[] = []) => (high ?? NaN) - (low ?? NaN);
    const width = widthOf(intervals(values, 1).of.mean ?? []);
    // For a mean, two deviations to each side: 1.96 · 7.07 / √400.
    for (const other of [intervals(values.toReversed(), 1), intervals(values, 2)]) {
      expect(widthOf(other.of.mean ?? []) / width).toBeGreaterThan(0.9);
      expect(widthOf(other.of.mean ?? []) / width).toBeLessThan(1.1);
    }
    expect(width).toBeCloseTo((2 * 1.96 * 10) / Math.sqrt(2) / 20, 0);
  });

  it("leave out draws without the figure, and are null where most draws have none", () => {
    let draw = 0;
    const found = percentileIntervals({ rows: 10, random: createRandom(1) }, () => {
      draw++;
      return { often: draw % 3 === 0 ? NaN : 1, seldom: draw % 3 === 0 ? 1 : NaN };
    });
    expect(found.of).toEqual({ often: [1, 1], seldom: null });
    expect(percentileIntervals({ rows: 0, random: createRandom(1) }, () => ({ a: 1 })).of).toEqual({});
  });
});
