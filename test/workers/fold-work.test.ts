import { beforeAll, describe, expect, it } from "vitest";
import { prepareData } from "../../src/data/dataset.ts";
import { foldsOf } from "../../src/data/folds.ts";
import { createRandom } from "../../src/data/random.ts";
import { openTable } from "../../src/data/table.ts";
import type { Recipe } from "../../src/recipe/recipe.ts";
import { openModel, type OpenedModel } from "../../src/run/open-model.ts";
import { readerOf, targetsOf } from "../../src/tasks/targets.ts";
import { trainedTaskNamed } from "../../src/tasks/trained-tasks.ts";
import { encodeRows } from "../../src/tokenize/encode-rows.ts";
import { createTokenizer } from "../../src/tokenize/tokenizer.ts";
import { RunControl } from "../../src/train/control.ts";
import { FoldWork, probedFolds } from "../../src/workers/fold-work.ts";
import type { TrainNotice } from "../../src/workers/protocol.ts";
import { textSource } from "../io/model-folder.ts";
import { checkpointFiles, tinyTensors } from "../model/tiny-checkpoint.ts";
import { useNodeBackend } from "../node-backend.ts";
import { smallTokenizer } from "../tokenize/starter-tokenizer.ts";
import { tinyRecipe } from "../train/tiny-run.ts";

let opened: OpenedModel;

beforeAll(async () => {
  await useNodeBackend("wasm");
  const { tokenizerJson } = smallTokenizer(Array.from({ length: 990 }, (_, i) => `w${i}`));
  opened = await openModel(await checkpointFiles(await tinyTensors(), { tokenizer: tokenizerJson }));
});

const counts = { folds: 3, repeats: 1 };
/** A row whose label is wrong. */
const WRONG = 5;

async function inputOf(changes: Partial<Recipe>, count = 36) {
  const random = createRandom(2);
  const lines = Array.from({ length: count }, (_, row) => {
    const isYes = random() < 0.5;
    const words = Array.from({ length: 3 }, () => `w${Math.floor(60 * random())}`);
    return `${isYes ? "w900 w900" : "w901 w901"} ${words.join(" ")},${isYes !== (row === WRONG) ? "yes" : "no"}`;
  });
  const table = await openTable(textSource("rows.csv", ["text,label", ...lines].join("\n")));
  const choice = { text: 0, pair: null, label: 1 };
  const { all, summary } = prepareData(table, choice, { readerOf, share: 0.25, seed: 1, validationTable: null });
  const task = trainedTaskNamed(summary.task);
  const recipe: Recipe = { ...tinyRecipe, batchSize: 8, epochs: 2, learningRate: 3e-3, baseline: false, ...changes };
  const folds = foldsOf(targetsOf(task), all, { ...counts, seed: 1 });
  const rows = encodeRows(all.texts, all.pairs, recipe, createTokenizer(opened.tokenizer));
  const cells = Array.from(all.texts, (text, row) => ({ tableRow: row + 1, line: row + 2, text, pair: null }));
  return { input: { task, opened, recipe, labelNames: summary.labelNames, rows, labels: all, folds }, cells };
}

async function begunWith(changes: Partial<Recipe>) {
  const { input, cells } = await inputOf(changes);
  const control = new RunControl();
  const work = new FoldWork({ counts }, input, control, () => undefined);
  return { work, cells, notices: await work.begun() };
}

const places = (notices: readonly TrainNotice[]) =>
  [...new Set(notices.flatMap((one) => (one.type === "event" ? [JSON.stringify(one.of)] : [])))].map((place): unknown =>
    JSON.parse(place),
  );

describe("a cross-validation in the training worker", () => {
  it("says of what each event is, scores each fold, and ends with a model of all rows", async () => {
    const { work, cells, notices } = await begunWith({});
    const all: TrainNotice[] = [];
    for await (const notice of notices) {
      expect(work.isRunning).toBe(notice.type !== "foldsEnd");
      all.push(notice);
    }
    expect(work.isRunning).toBe(false);
    expect(places(all)).toEqual([...[1, 2, 3].map((fold) => ({ repeat: 1, fold })), "final"]);
    expect(all.flatMap((one) => (one.type === "fold" ? [one.scores.fold] : []))).toEqual([1, 2, 3]);
    expect(all.at(-1)).toMatchObject({ type: "foldsEnd", summary: { each: [{ fold: 1 }, { fold: 2 }, { fold: 3 }] } });

    const results = work.results();
    expect(results).toMatchObject({ weights: "last", folds: 3, task: "single-label" });
    expect(results.report.rows).toBe(36);
    expect(results.places).toBeUndefined();
    const issues = work.labelIssues();
    expect([...issues.rows].sort((a, b) => a - b)).toEqual([...cells.keys()]);
    expect(issues.suggestedLabels.every((labels) => labels?.length === 1)).toBe(true);

    const csv = await work.file("out-of-fold.csv", cells, false, null).text();
    expect(csv.split("\r\n")[1]).toMatch(/^1,[123],w90/);
    expect((await work.file("label-issues.csv", cells, false, null).text()).split("\r\n")).toHaveLength(38);
    const report: unknown = JSON.parse(await work.file("report.json", cells, false, null).text());
    expect(report).toMatchObject({ folds: { k: 3, repeats: 1, complete: 3 }, weights: "last" });

    const final = work.cross.final;
    if (!final) throw new Error("There is no final model.");
    const choice = { weights: "last", dtype: "float32", form: "merged", dataName: "rows.csv" } as const;
    const { card, predictions } = await work.contents(final, cells, choice);
    expect(card.folds).toBe(3);
    expect(card.report).toBe(results.report);
    expect(predictions.rows).toHaveLength(36);
    work.cross.dispose();
  });

  it("gives the probe of all rows the scores of the folds", async () => {
    const { work, notices } = await begunWith({ effort: "quick" });
    const all: TrainNotice[] = [];
    for await (const notice of notices) all.push(notice);
    const events = all.flatMap((one) => (one.type === "event" ? [one.event] : []));
    expect(events[0]).toMatchObject({ type: "plan", steps: 0, trainRows: 36 });
    const baseline = events.find(({ type }) => type === "baseline");
    expect(baseline).toMatchObject({ task: "single-label", report: work.results().report });
    expect(events.at(-1)).toMatchObject({ type: "end", step: 0 });
    expect(work.results().weights).toBe("baseline");
    work.cross.dispose();
  });

  it("ends with the folds that are complete where it is stopped, and has no model then", async () => {
    const { work, notices } = await begunWith({});
    const all: TrainNotice[] = [];
    for await (const notice of notices) {
      all.push(notice);
      if (notice.type === "fold") work.cross.stop();
    }
    expect(all.at(-1)).toMatchObject({ type: "foldsEnd", summary: { each: [{ fold: 1 }] } });
    expect(work.cross.final).toBeNull();
    expect(work.results().places).toHaveLength(12);
  });

  it("judges labels by the probe alone, whatever the effort, without a model of all rows", async () => {
    const { input } = await inputOf({});
    const shown: number[] = [];
    const found = await probedFolds(input, { counts }, new RunControl(), (done) => shown.push(done));
    expect(found.issues.rows[0]).toBe(WRONG);
    expect(found.issues.suggestedLabels[0]).not.toEqual([found.issues.given[0]]);
    expect(found.summary.each).toHaveLength(3);
    const control = new RunControl();
    control.stop();
    await expect(probedFolds(input, { counts }, control, () => undefined)).rejects.toThrow("stopped before their end");
  });
});
