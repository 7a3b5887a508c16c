import { beforeAll, describe, expect, it } from "vitest";
import { prepareData } from "../../src/data/dataset.ts";
import { createRandom } from "../../src/data/random.ts";
import type { LabelledRows } from "../../src/data/rows.ts";
import { openTable } from "../../src/data/table.ts";
import { labelled } from "../../src/data/windows.ts";
import { exportEntries } from "../../src/export/entries.ts";
import { bytesSource, type ByteSource } from "../../src/io/byte-source.ts";
import type { Recipe } from "../../src/recipe/recipe.ts";
import { loadClassifier, openModel, type OpenedModel } from "../../src/run/open-model.ts";
import { ownTask } from "../../src/run/own-classes.ts";
import { Run } from "../../src/run/run.ts";
import { predictTexts } from "../../src/run/score.ts";
import { limitOf } from "../../src/tasks/task.ts";
import { readerOf } from "../../src/tasks/targets.ts";
import { tokenClassification, type TokenReport } from "../../src/tasks/token-classification/metrics.ts";
import type { EntityPrediction } from "../../src/tasks/token-classification/predictions.ts";
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

/** Sentences in CoNLL's lines; people are words from w900 on, some of two words, and places w950 and up. */
function conll(sentences: number): string {
  const random = createRandom(3);
  const drawn = (from: number, count: number) => `w${from + Math.floor(count * random())}`;
  const parts = [
    () => `${drawn(0, 40)} O`,
    () => `${drawn(900, 6)} B-PER\n${drawn(920, 4)} I-PER`,
    () => `${drawn(900, 6)} B-PER`,
    () => `${drawn(950, 6)} B-LOC`,
  ];
  const sentence = () => Array.from({ length: 6 }, () => parts[Math.floor(parts.length * random())]?.()).join("\n");
  return Array.from({ length: sentences }, () => `${sentence()}\nw1 O`).join("\n\n");
}

/** Trains, and says what the run and its exported folder, opened anew, find in the validation texts. */
async function fitted(changes: Partial<Recipe>) {
  const recipe: Recipe = { ...tinyRecipe, batchSize: 8, epochs: 6, learningRate: 3e-3, baseline: false, ...changes };
  const table = await openTable(textSource("names.conll", conll(80)));
  const choice = { text: 0, pair: null, label: 1 };
  const data = prepareData(table, choice, { readerOf, share: 0.25, seed: 1, validationTable: null });
  const { task, labelNames } = data.summary;
  const tokenizer = createTokenizer(opened.tokenizer);
  const limit = limitOf(tokenClassification, recipe);
  const rowsOf = ({ texts }: LabelledRows) => encodeRows(texts, null, limit, tokenizer);
  const [train, validation] = [data.train, data.validation].map((part) => labelled(rowsOf(part), part));
  if (!train || !validation) throw new Error("A part of the rows is missing.");
  const input = { task: trainedTaskNamed(task), opened, recipe, labelNames, train, validation };
  const run = await Run.load(input, new RunControl());
  const losses: number[] = [];
  for await (const event of run.events()) if (event.type === "step") losses.push(event.loss);
  const { texts } = data.validation;
  const asked = { texts, rows: rowsOf(data.validation), tokenizer: opened.tokenizer };
  const report = (await run.results("last")).report as TokenReport;
  const own = (await run.predict(asked, "last")) as EntityPrediction[];
  const places = Array.from(texts, (text, line) => ({ line, text, pair: null }));
  const folder: ByteSource[] = [];
  for await (const { name, input: part } of exportEntries(
    await run.exportContents("last", "float32", places, "names.conll"),
  )) {
    const bytes: BlobPart[] = [];
    if (typeof part === "string" || part instanceof Uint8Array) bytes.push(part);
    else for await (const one of part) bytes.push(one);
    folder.push(bytesSource(name, new Uint8Array(await new Blob(bytes).arrayBuffer())));
  }
  run.dispose();
  const back = await openModel(folder);
  const ofFolder = ownTask(back);
  const model = await loadClassifier(back, ofFolder.labelNames);
  const again = (await predictTexts(model, ofFolder.task, asked, ofFolder.labelNames)) as EntityPrediction[];
  model.dispose();
  return { losses, report, own, again };
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value / values.length, 0);

describe("a run on tags of words", () => {
  it.each<[string, Partial<Recipe>, number]>([
    ["with LoRA", { loraRank: 8, loraAlpha: 16, loraTargets: ["query", "value", "intermediate"] }, 0.5],
    ["with frozen embeddings and a frozen layer", { frozen: ["embeddings.", "encoder.layer.0."] }, 0.5],
    ["with class weights and R-Drop", { classWeights: "balanced", rDrop: 1, hiddenDropout: 0.1 }, 0.5],
  ])("learns %s, and its folder finds the same entities", async (_, changes, floor) => {
    const { losses, report, own, again } = await fitted(changes);
    expect(mean(losses.slice(-5))).toBeLessThan(0.7 * mean(losses.slice(0, 5)));
    // All words outside of entities would be 0.
    expect(report.micro.f1).toBeGreaterThan(floor);
    expect(own.flatMap(({ entities }) => entities).length).toBeGreaterThan(0);
    for (const [text, { entities }] of own.entries()) {
      const places = (all: typeof entities) => all.map(({ label, start, end }) => [label, start, end]);
      expect(places(again[text]?.entities ?? [])).toEqual(places(entities));
      entities.forEach(({ score }, i) => expect(again[text]?.entities[i]?.score).toBeCloseTo(score, 4));
    }
  });
});
