import { beforeAll, describe, expect, it } from "vitest";
import { prepareData } from "../../src/data/dataset.ts";
import { createRandom } from "../../src/data/random.ts";
import type { LabelledRows } from "../../src/data/rows.ts";
import { openTable } from "../../src/data/table.ts";
import { labelled } from "../../src/data/windows.ts";
import { exportEntries } from "../../src/export/entries.ts";
import { bytesSource, type ByteSource } from "../../src/io/byte-source.ts";
import type { MultiLabelReport } from "../../src/metrics/multi-label/report.ts";
import type { RegressionReport } from "../../src/metrics/regression/report.ts";
import type { Recipe } from "../../src/recipe/recipe.ts";
import { loadClassifier, openModel, type OpenedModel } from "../../src/run/open-model.ts";
import { ownTask } from "../../src/run/own-classes.ts";
import { Run } from "../../src/run/run.ts";
import { score } from "../../src/run/score.ts";
import { readerOf } from "../../src/tasks/targets.ts";
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
  const words = Array.from({ length: 990 }, (_, i) => `w${i}`);
  const { tokenizerJson } = smallTokenizer(words);
  opened = await openModel(await checkpointFiles(await tinyTensors(), { tokenizer: tokenizerJson }));
});

/** Rows whose labels show in words of their own: some of three, among others. */
function rows(count: number, seed: number): { text: string; marks: number[] }[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => {
    const marks = [0.5, 0.4, 0.3].map((share) => Number(random() < share));
    const words = Array.from({ length: 4 }, () => `w${Math.floor(60 * random())}`);
    const text = [...marks.flatMap((mark, k) => (mark ? [`w${900 + k}`, `w${900 + k}`] : [])), ...words].join(" ");
    return { text, marks };
  });
}

const tables = {
  "multi-label": (count: number) => [
    "text,joy,fear,awe",
    ...rows(count, 1).map(({ text, marks }) => [text, ...marks].join(",")),
  ],
  pairs: (count: number) => [
    "sentence1,sentence2,score",
    ...rows(count, 2).map(
      ({ text, marks }) => `${text},${text},${(1000 + 40 * (marks[0] ?? 0) + 0.5 * (marks[1] ?? 0)).toFixed(2)}`,
    ),
  ],
};

/** Trains on a table, exports some of the weights, and predicts the validation rows with the exported folder. */
async function fitted(
  lines: string[],
  choice: Parameters<typeof prepareData>[1],
  changes: Partial<Recipe>,
  weights: "best" | "baseline" = "best",
) {
  const recipe: Recipe = { ...tinyRecipe, batchSize: 8, epochs: 8, learningRate: 3e-3, baseline: false, ...changes };
  const tokenizer = createTokenizer(opened.tokenizer);
  const table = await openTable(textSource("rows.csv", [...lines, ""].join("\n")));
  const data = prepareData(table, choice, { readerOf, share: 0.25, seed: 1, validationTable: null });
  const encoded = (part: LabelledRows) => labelled(encodeRows(part.texts, part.pairs, recipe, tokenizer), part);
  const { task, labelNames } = data.summary;
  const [train, validation] = [encoded(data.train), encoded(data.validation)];
  const input = { task: trainedTaskNamed(task), opened, recipe, labelNames, train, validation };
  const run = await Run.load(input, new RunControl());
  for await (const event of run.events()) if (event.type === "end") expect(event.reason).toBe("finished");
  const results = await run.results(weights);
  const places = Array.from(data.validation.texts, (text, i) => ({ line: i + 2, text, pair: null }));
  const files = new Map<string, ByteSource>();
  for await (const { name, input: part } of exportEntries(
    await run.exportContents(weights, "float32", places, "rows.csv"),
  )) {
    const parts: (string | Uint8Array<ArrayBuffer>)[] = [];
    if (typeof part === "string" || part instanceof Uint8Array) parts.push(part);
    else for await (const one of part) parts.push(one);
    files.set(name, bytesSource(name, new Uint8Array(await new Blob(parts).arrayBuffer())));
  }
  const own = run.taskOf(weights).predictionsOf(await run.logits(validation, weights), labelNames);
  const { history } = run;
  run.dispose();
  const back = await openModel([...files.values()]);
  const ofFolder = ownTask(back);
  const model = await loadClassifier(back, ofFolder.labelNames);
  const outputs = await score(model, validation, ofFolder.task.outputs(labelNames));
  model.dispose();
  const textOf = async (name: string) => {
    const file = files.get(name);
    return file ? new TextDecoder().decode(await file.slice(0, file.size)) : "";
  };
  const config = JSON.parse(await textOf("config.json")) as Record<string, unknown>;
  const [card, predictions] = [await textOf("README.md"), await textOf("predictions.csv")];
  const again = ofFolder.task.predictionsOf(outputs, labelNames);
  return { results, own, outputs, again, config, card, predictions, history };
}

describe("a run on several labels", () => {
  it.each(["half", "bestF1"] as const)(
    "learns, and its folder predicts the same: thresholds %s",
    async (thresholds) => {
      const choice = { text: 0, pair: null, label: 1, moreLabels: [2, 3] };
      const { results, own, again, config, card, predictions } = await fitted(tables["multi-label"](80), choice, {
        thresholds,
      });
      const report = results.report as MultiLabelReport;
      expect(report.macro.f1).toBeGreaterThan(0.8);
      expect(config).toMatchObject({
        problem_type: "multi_label_classification",
        num_labels: 3,
        id2label: { 1: "fear" },
      });
      const stated = (config.tabtune as { thresholds: Record<string, number> }).thresholds;
      expect(Object.values(stated)).toEqual(report.classes.map(({ threshold }) => threshold));
      if (thresholds === "half") expect(stated).toEqual({ joy: 0.5, fear: 0.5, awe: 0.5 });
      else expect(config.tabtune).toMatchObject({ thresholdsTuned: true });
      expect(card).toContain(thresholds === "half" ? "probability of 0.5 on" : "tuned for the best F1");
      expect(predictions).toMatch(/^line,text,labels,predicted,probability_joy,probability_fear,probability_awe\r\n/);
      for (const [i, prediction] of own.entries()) {
        const { labels, probabilities } = again[i] as { labels: string[]; probabilities: number[] };
        expect({ labels }).toEqual({ labels: (prediction as { labels: string[] }).labels });
        probabilities.forEach((value, k) =>
          expect(value).toBeCloseTo((prediction as { probabilities: number[] }).probabilities[k] ?? NaN, 5),
        );
      }
    },
  );
});

describe("a run on numbers", () => {
  it.each([null, 1])(
    "of pairs learns in any units, and its folder gives those of the data: Huber %s",
    async (huber) => {
      const choice = { text: 0, pair: 1, label: 2, task: "regression" };
      const { results, own, outputs, again, config, predictions } = await fitted(tables.pairs(80), choice, { huber });
      const report = results.report as RegressionReport;
      expect(report.pearson).toBeGreaterThan(0.8);
      expect(report.rmse).toBeLessThan(12);
      expect(config).toMatchObject({ problem_type: "regression", num_labels: 1, id2label: { 0: "score" } });
      expect(predictions).toMatch(/,label,predicted,residual\r\n/);
      for (const [i, prediction] of own.entries()) {
        const { value } = prediction as { value: number };
        // The head itself gives the units of the data: whoever loads the folder needs to know nothing.
        expect(Math.abs((outputs[i] ?? NaN) - value)).toBeLessThan(2e-3);
        expect(again[i]).toEqual({ value: outputs[i] });
      }
    },
  );
});

describe("the baseline of a task", () => {
  const labels = { text: 0, pair: null, label: 1, moreLabels: [2, 3] };
  const numbers = { text: 0, pair: 1, label: 2, task: "regression" };

  it.each(["half", "bestF1"] as const)("of several labels tells them apart, thresholds %s", async (thresholds) => {
    const found = await fitted(tables["multi-label"](120), labels, { effort: "quick", thresholds }, "baseline");
    const { results, own, again, config, card } = found;
    expect(results.report.rows).toBe(30);
    expect((results.report as MultiLabelReport).macro.f1).toBeGreaterThan(0.7);
    expect(card).toContain("load the encoder, and the classifier beside it");
    expect(config.tabtune).toMatchObject({ pooling: "mean" });
    const { thresholdsTuned = false } = config.tabtune as { thresholdsTuned?: boolean };
    expect(thresholdsTuned).toBe(thresholds === "bestF1");
    for (const [i, prediction] of own.entries()) {
      const { probabilities } = again[i] as { probabilities: number[] };
      const before = (prediction as { probabilities: number[] }).probabilities;
      probabilities.forEach((value, k) => expect(value).toBeCloseTo(before[k] ?? NaN, 5));
    }
  });

  it("of numbers of pairs is in the units of the data, also from its folder", async () => {
    const { results, own, outputs, card } = await fitted(tables.pairs(120), numbers, { effort: "quick" }, "baseline");
    const { pearson, rmse } = results.report as RegressionReport;
    expect(pearson).toBeGreaterThan(0.8);
    expect(rmse).toBeLessThan(15);
    expect(card).toContain("load the encoder, and the classifier beside it");
    for (const [i, prediction] of own.entries()) {
      expect(Math.abs((outputs[i] ?? NaN) - (prediction as { value: number }).value)).toBeLessThan(2e-3);
    }
  });

  it.each([
    ["multi-label", tables["multi-label"], labels, "macro"],
    ["regression", tables.pairs, numbers, "pearson"],
  ] as const)("starts the head of %s: the first evaluation knows the rows", async (_, linesOf, choice, figure) => {
    const first = async (headStart: Recipe["headStart"]) => {
      const { history } = await fitted(linesOf(120), choice, { headStart, epochs: 1, evaluationSample: 30 });
      const report = history.find((event) => event.type === "evaluation")?.report as
        Record<string, unknown> | undefined;
      const value = report?.[figure];
      return typeof value === "number" ? value : (value as { f1: number }).f1;
    };
    const [started, random] = [await first("probe"), await first("random")];
    expect(started).toBeGreaterThan(0.6);
    expect(started).toBeGreaterThan(random + 0.1);
  });
});
