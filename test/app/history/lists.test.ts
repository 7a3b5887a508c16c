import { describe, expect, it } from "vitest";
import { endingText, newestFirst, runColumns, sortedRuns } from "../../../src/app/history/run-columns.ts";
import { commonMetrics, runLines, runsFrame, TRAINING } from "../../../src/app/history/run-curves.ts";
import { runDifferences } from "../../../src/app/history/run-difference.ts";
import { defaultRecipe, untouchedRecipe } from "../../../src/recipe/recipe.ts";
import { keptRun } from "./memory-runs.ts";

const scored = (values: Record<string, number | null>) => ({ step: 1, rows: 20, values });
const named = (id: string, values: Record<string, number | null>, changes: Parameters<typeof keptRun>[0] = {}) =>
  keptRun({ id, name: id, endedAt: id.charCodeAt(0), best: scored(values), ...changes });

describe("the list of runs", () => {
  const runs = [
    named("a", { accuracy: 0.5, logLoss: 0.7 }),
    named("b", { accuracy: 0.9, logLoss: null }),
    named("c", { accuracy: 0.7, logLoss: 0.2 }),
    named("d", { mse: 4, rmse: 2, mae: 1 }, { task: "regression", isPinned: true }),
  ];
  const columns = runColumns(runs, false);
  const order = (key: string, descending: boolean) =>
    sortedRuns(runs, columns, { key, descending })
      .map(({ id }) => id)
      .join("");

  it("is sorted by any column, pinned runs first and missing values last", () => {
    expect(order(newestFirst.key, newestFirst.descending)).toBe("dcba");
    expect(order("metric Accuracy", true)).toBe("dbca");
    expect(order("metric Log loss", false)).toBe("dcab");
    expect(order("metric Log loss", true)).toBe("dacb");
    expect(order("name", false)).toBe("dabc");
    // A column that is not shown any more.
    expect(order("metric Perplexity", false)).toBe("dcba");
  });

  it("has the columns of all tasks in it, and every metric on demand", () => {
    expect(columns.map(({ title }) => title)).toContain("Task");
    expect(columns.map(({ title }) => title)).toContain("Root mean squared error");
    const accuracy = columns.find(({ title }) => title === "Accuracy");
    expect(runs.map((run) => accuracy?.textOf(run))).toEqual(["50.0\u202f%", "90.0\u202f%", "70.0\u202f%", "–"]);
    const one = runColumns(runs.slice(0, 1), false).map(({ title }) => title);
    expect(one).not.toContain("Task");
    expect(runColumns(runs, true).length).toBeGreaterThan(columns.length);
  });

  it("says how a run ended", () => {
    const ending = { reason: "early", step: 1200, durationMs: 1 } as const;
    expect(endingText({ ending, folds: null })).toBe("stopped early at step 1,200");
    const folds = { folds: 5, repeats: 2, complete: 7, mean: {}, deviation: {} };
    expect(endingText({ ending: { ...ending, reason: "stopped" }, folds })).toBe("7 of 10 folds, stopped");
    expect(endingText({ ending: { ...ending, reason: "finished" }, folds })).toBe("7 of 10 folds");
  });
});

describe("what differs between runs", () => {
  it("is nothing between a run and itself", () => {
    expect(runDifferences([keptRun(), keptRun()])).toEqual([]);
  });

  it("has facts first, then fields by their labels and values as the page shows them", () => {
    const recipe = { ...defaultRecipe, learningRate: 1e-4, schedule: "cosine" as const, loraRank: 8, warmupSteps: 5 };
    const other = keptRun({ model: "BERT", recipe });
    const found = runDifferences([keptRun(), other]);
    expect(found.map(({ label }) => label)).toEqual(
      expect.arrayContaining(["Model", "Learning rate", "Schedule", "LoRA rank"]),
    );
    expect(found[0]).toEqual({ label: "Model", texts: ["MiniLM", "BERT"] });
    expect(found.find(({ field }) => field === "learningRate")?.texts[1]).toBe("1e-4");
    expect(found.map(({ texts }) => texts.length)).toEqual(found.map(() => 2));
  });

  it("marks what was automatic, and what had no effect", () => {
    const quick = keptRun({ recipe: { ...untouchedRecipe, effort: "quick", epochs: 7 } });
    const found = runDifferences([keptRun(), quick]);
    expect(found.find(({ field }) => field === "epochs")?.texts[1]).toBe("7 (automatic, no effect)");
  });
});

describe("curves of runs", () => {
  it("are a line of each run over its steps or epochs", () => {
    const at = (step: number, rows: number) => {
      return {
        scope: "full",
        step,
        epoch: step / 10,
        wallMs: step,
        trainingMs: step,
        rows,
        values: { accuracy: step / 100 },
      } as const;
    };
    const runs = [
      keptRun({ id: "a", name: "A", evaluations: [at(0, 64), at(10, 20), at(20, 20)] }),
      keptRun({
        id: "b",
        name: "B",
        evaluations: [
          { ...at(30, 20), fold: "fold 1" },
          { ...at(40, 20), fold: "fold 2" },
        ],
      }),
    ];
    const lines = runLines(runs, "accuracy", "step", 100);
    expect(lines.map(({ name }) => name)).toEqual(["A, 20 rows", "B, fold 1, 20 rows", "B, fold 2, 20 rows"]);
    expect(lines[0]?.points.map(({ x, y }) => [x, y])).toEqual([
      [10, 0.1],
      [20, 0.2],
    ]);
    expect(lines[1]?.color).toBe(lines[2]?.color);
    expect(lines[0]?.dash).not.toBe(lines[1]?.dash);
    expect(runsFrame(lines, "step").end).toBeGreaterThanOrEqual(40);
    expect(runsFrame(runLines(runs, "accuracy", "epoch", 100), "epoch").end).toBe(4);
    const training = runLines([keptRun()], TRAINING, "step", 100);
    expect(training[0]?.points[0]).toMatchObject({ x: 1, y: 0.7 });
    expect(
      runLines(
        [
          keptRun({
            steps: { step: [], epoch: [], wallMs: [], trainingMs: [], loss: [], learningRate: [], gradientNorm: [] },
          }),
        ],
        TRAINING,
        "step",
        9,
      ),
    ).toEqual([]);
  });

  it("are by the metrics that all tasks have", () => {
    const keys = (...names: ("single-label" | "multi-label" | "regression")[]) =>
      commonMetrics(names.map((task) => keptRun({ task }))).map(({ key }) => key);
    expect(keys("single-label", "single-label")).toContain("accuracy");
    expect(keys("single-label", "multi-label")).toContain("macroF1");
    expect(keys("single-label", "regression")).toEqual([]);
  });
});
