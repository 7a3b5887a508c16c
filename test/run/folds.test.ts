import { beforeAll, describe, expect, it } from "vitest";
import { prepareData } from "../../src/data/dataset.ts";
import { foldsOf } from "../../src/data/folds.ts";
import { createRandom } from "../../src/data/random.ts";
import { openTable } from "../../src/data/table.ts";
import type { MultiLabelReport } from "../../src/metrics/multi-label/report.ts";
import type { RegressionReport } from "../../src/metrics/regression/report.ts";
import type { Recipe } from "../../src/recipe/recipe.ts";
import { CrossValidation } from "../../src/run/folds.ts";
import { openModel, type OpenedModel } from "../../src/run/open-model.ts";
import { limitOf } from "../../src/tasks/task.ts";
import { readerOf, targetsOf } from "../../src/tasks/targets.ts";
import { trainedTaskNamed } from "../../src/tasks/trained-tasks.ts";
import { encodeRows } from "../../src/tokenize/encode-rows.ts";
import { createTokenizer } from "../../src/tokenize/tokenizer.ts";
import { RunControl } from "../../src/train/control.ts";
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

/** Rows with two marks that show in words of their own, among others. */
function rows(count: number, seed: number): { text: string; marks: number[] }[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => {
    const marks = [0.5, 0.4].map((share) => Number(random() < share));
    const words = Array.from({ length: 4 }, () => `w${Math.floor(60 * random())}`);
    return {
      text: [...marks.flatMap((mark, k) => (mark ? [`w${900 + k}`, `w${900 + k}`] : [])), ...words].join(" "),
      marks,
    };
  });
}

async function crossed(
  lines: string[],
  choice: Parameters<typeof prepareData>[1],
  changes: Partial<Recipe>,
  repeats = 1,
) {
  const recipe: Recipe = { ...tinyRecipe, batchSize: 8, epochs: 4, learningRate: 3e-3, baseline: false, ...changes };
  const table = await openTable(textSource("rows.csv", [...lines, ""].join("\n")));
  const { all, summary } = prepareData(table, choice, { readerOf, share: 0.25, seed: 1, validationTable: null });
  const task = trainedTaskNamed(summary.task);
  const folds = foldsOf(targetsOf(task), all, { folds: 3, repeats, seed: 1 });
  const encoded = encodeRows(all.texts, all.pairs, limitOf(task, recipe), createTokenizer(opened.tokenizer));
  const input = { task, opened, recipe, labelNames: summary.labelNames, rows: encoded, labels: all, folds };
  const cross = new CrossValidation(input, new RunControl());
  for await (const notice of cross.events()) expect(["event", "fold"]).toContain(notice.type);
  return { cross, all };
}

describe("folds of other tasks than classes", () => {
  it("judge several labels, each by itself", async () => {
    const planted = rows(60, 1).map((row, i) => (i === 7 ? { ...row, marks: row.marks.map((mark) => 1 - mark) } : row));
    const lines = ["text,joy,fear", ...planted.map(({ text, marks }) => [text, ...marks].join(","))];
    const choice = { text: 0, pair: null, label: 1, moreLabels: [2] };
    const { cross } = await crossed(lines, choice, { effort: "quick", thresholds: "bestF1" }, 2);
    const { report, task } = cross.outOfFold();
    expect((report as MultiLabelReport).micro.f1).toBeGreaterThan(0.8);
    expect(task.tabtuneConfig?.(["joy", "fear"])).toHaveProperty("thresholdsTuned", true);
    const { issues } = cross.labelIssues();
    expect(issues).toHaveLength(60);
    expect(issues[0]?.row).toBe(7);
    expect(issues.every(({ suggested, suggestedLabels }) => suggestedLabels?.join("; ") === suggested)).toBe(true);
    expect(cross.final?.baseline).not.toBeNull();
  });

  it("judge numbers by their distance, in the units of the data", async () => {
    const planted = rows(60, 2).map(
      ({ text, marks }, i) =>
        `${text},${(1000 + 40 * (marks[0] ?? 0) + 20 * (marks[1] ?? 0) + (i === 5 ? 90 : 0)).toFixed(1)}`,
    );
    const { cross } = await crossed(
      ["text,price", ...planted],
      { text: 0, pair: null, label: 1, task: "regression" },
      { effort: "quick" },
    );
    const { report } = cross.outOfFold();
    expect((report as RegressionReport).mae).toBeLessThan(10);
    const [worst] = cross.labelIssues().issues;
    expect(worst?.row).toBe(5);
    expect(Number(worst?.suggested)).toBeGreaterThan(980);
    expect(worst?.suggestedLabels).toEqual([worst?.suggested]);
    expect(Number(worst?.suggested)).toBeLessThan(1080);
  });

  it("judge tagged words by the tag in the most doubt, and fine-tune each fold", async () => {
    const random = createRandom(3);
    const sentences = Array.from({ length: 36 }, (_, row) =>
      Array.from({ length: 5 }, () => {
        const isName = random() < 0.3;
        return [`w${(isName ? 900 : 0) + Math.floor(5 * random())}`, isName !== (row === 4) ? "B-PER" : "O"] as const;
      }),
    );
    const cell = (values: readonly string[]) => `"${JSON.stringify(values).replaceAll('"', '""')}"`;
    const lines = [
      "tokens,tags",
      ...sentences.map((words) => [0, 1].map((at) => cell(words.map((word) => word[at] ?? ""))).join(",")),
    ];
    const { cross, all } = await crossed(lines, { text: 0, pair: null, label: 1 }, { epochs: 12, learningRate: 5e-3 });
    expect(cross.done.map(({ rows: held }) => held)).toEqual([12, 12, 12]);
    expect(cross.done.every(({ step }) => step > 0)).toBe(true);
    expect(cross.outOfFold().report.rows).toBe(all.texts.length);
    const { issues } = cross.labelIssues();
    expect(issues.slice(0, 2).map(({ row }) => row)).toContain(4);
    expect(["B-PER", "O"]).toContain(issues[0]?.suggested);
    expect(issues[0]?.suggestedLabels).toBeNull();
    expect(cross.final?.isTrained).toBe(true);
    cross.dispose();
  });

  it("keep the folds that are complete where they are stopped", async () => {
    const lines = ["text,label", ...rows(60, 4).map(({ text, marks }) => `${text},${marks[0] ? "yes" : "no"}`)];
    const table = await openTable(textSource("rows.csv", lines.join("\n")));
    const choice = { text: 0, pair: null, label: 1 };
    const { all, summary } = prepareData(table, choice, { readerOf, share: 0.25, seed: 1, validationTable: null });
    const task = trainedTaskNamed(summary.task);
    const folds = foldsOf(targetsOf(task), all, { folds: 4, repeats: 1, seed: 1 });
    const recipe: Recipe = { ...tinyRecipe, batchSize: 8, epochs: 2, baseline: false };
    const encoded = encodeRows(all.texts, all.pairs, recipe, createTokenizer(opened.tokenizer));
    const input = { task, opened, recipe, labelNames: summary.labelNames, rows: encoded, labels: all, folds };
    const cross = new CrossValidation(input, new RunControl());
    for await (const notice of cross.events()) {
      const isThird = notice.type === "event" && notice.of !== "final" && notice.of.fold === 3;
      if (isThird && notice.event.type === "step") cross.stop();
    }
    expect(cross.done.map(({ fold }) => fold)).toEqual([1, 2]);
    expect(cross.final).toBeNull();
    expect(cross.outOfFold().rows).toHaveLength(30);
    expect(cross.summary().each).toHaveLength(2);
  });
});
