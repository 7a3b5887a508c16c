import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { createRandom } from "../../src/data/random.ts";
import { labelled, rowsOfTexts, textCount } from "../../src/data/windows.ts";
import { exportEntries } from "../../src/export/entries.ts";
import { bytesSource, type ByteSource } from "../../src/io/byte-source.ts";
import { softmax } from "../../src/metrics/softmax.ts";
import type { Recipe } from "../../src/recipe/recipe.ts";
import { loadClassifier, openModel, type OpenedModel } from "../../src/run/open-model.ts";
import { planRun } from "../../src/run/plan.ts";
import { Run } from "../../src/run/run.ts";
import { score } from "../../src/run/score.ts";
import { encodeRows } from "../../src/tokenize/encode-rows.ts";
import { createTokenizer } from "../../src/tokenize/tokenizer.ts";
import { RunControl } from "../../src/train/control.ts";
import { checkpointFiles, tinyTensors } from "../model/tiny-checkpoint.ts";
import { useNodeBackend } from "../node-backend.ts";
import { smallTokenizer } from "../tokenize/starter-tokenizer.ts";
import { tinyRecipe } from "../train/tiny-run.ts";
import type { RowScores } from "../../src/metrics/row-scores.ts";

const specials = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"];
const labelNames = ["LABEL_0", "LABEL_1", "LABEL_2"];

/** What transformers predicts with the Python of the model card: see make_long_texts.py. */
interface Case {
  name: string;
  recipe: Partial<Recipe>;
  texts: string[];
  seconds?: string[];
  probabilities: number[][];
}
const cases = JSON.parse(readFileSync(new URL("../reference/long-texts.json", import.meta.url), "utf8")) as Case[];

let opened: OpenedModel;

beforeAll(async () => {
  await useNodeBackend("wasm");
  const flags = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };
  const { tokenizerJson } = smallTokenizer(
    Array.from({ length: 990 }, (_, i) => `w${i}`),
    { added_tokens: specials.map((content, id) => ({ id, content, ...flags })) },
  );
  opened = await openModel(await checkpointFiles(await tinyTensors(), { tokenizer: tokenizerJson }));
});

/** Rows of up to 40 words, so that most of them are longer than a window. */
function rowsOf(count: number, recipe: Recipe, seed: number) {
  const random = createRandom(seed);
  const texts = Array.from({ length: count }, () =>
    Array.from({ length: 1 + Math.floor(40 * random()) }, () => `w${Math.floor(900 * random())}`).join(" "),
  );
  const labels = Int32Array.from({ length: count }, (_, row) => row % labelNames.length);
  return labelled(encodeRows(texts, null, recipe, createTokenizer(opened.tokenizer)), { labels });
}

async function filesOf(run: Run, isPair: boolean): Promise<ByteSource[]> {
  const rows = Array.from({ length: 9 }, (_, i) => ({ line: i + 1, text: "", pair: isPair ? "" : null }));
  const files: ByteSource[] = [];
  for await (const { name, input } of exportEntries(await run.exportContents("last", "float32", rows, "data.csv"))) {
    const parts: (string | Uint8Array<ArrayBuffer>)[] = [];
    if (typeof input === "string" || input instanceof Uint8Array) parts.push(input);
    else for await (const part of input) parts.push(part);
    files.push(bytesSource(name, new Uint8Array(await new Blob(parts).arrayBuffer())));
  }
  return files;
}

const windows: Partial<Recipe> = { longTexts: "windows", maxLength: 12, windowOverlap: 3 };

describe("a run whose long texts are read in windows", () => {
  const recipe: Recipe = { ...tinyRecipe, ...windows };

  it("trains on windows, and reports and predicts texts", async () => {
    const [train, validation] = [rowsOf(24, recipe, 1), rowsOf(9, recipe, 2)];
    const of = { train: train.rowStart.length - 1, validation: validation.rowStart.length - 1 };
    expect(of.train).toBeGreaterThan(40);
    const input = { opened, recipe, labelNames, train, validation };
    const plan = await planRun(input, new RunControl());
    expect(plan.windows).toEqual(of);
    const run = await Run.load(input, new RunControl());
    let stepRows = 0;
    for await (const event of run.events()) {
      if (event.type === "plan") {
        const stepsPerEpoch = Math.ceil(of.train / recipe.batchSize);
        expect(event).toMatchObject({ trainRows: 24, trainWindows: of.train, validationRows: 9, stepsPerEpoch });
        expect(plan.time?.steps).toBe(event.steps);
      }
      if (event.type === "step") stepRows += event.rows;
      if (event.type === "evaluation") expect(event.report.rows).toBe(9);
    }
    expect(stepRows).toBe(recipe.epochs * of.train);
    const { truth, scores } = await run.results("last");
    expect([...truth.labels]).toEqual([0, 1, 2, 0, 1, 2, 0, 1, 2]);
    expect((scores as RowScores).predicted).toHaveLength(9);

    // Each window by itself, as a text of its own, gives logits whose mean is the text's.
    const { textStart, ...asRows } = validation;
    expect(textStart).toHaveLength(10);
    const [ofTexts, ofRows] = [await run.logits(validation, "last"), await run.logits(asRows, "last")];
    for (let text = 0; text < textCount(validation); text++) {
      const rows = rowsOfTexts(validation, Int32Array.of(text));
      for (let k = 0; k < 3; k++) {
        const mean = rows.reduce((sum, row) => sum + (ofRows[3 * row + k] ?? NaN), 0) / rows.length;
        expect(ofTexts[3 * text + k]).toBeCloseTo(mean, 4);
      }
      const probability = softmax(ofTexts.subarray(3 * text, 3 * text + 3), 3)[text % 3];
      expect((scores as RowScores).truthProbability[text]).toBeCloseTo(probability ?? NaN, 4);
    }
    run.dispose();
  });

  it("runs a frozen encoder once over each window, and forgets an earlier task by its texts", async () => {
    const own: Recipe = { ...recipe, frozen: ["embeddings.", "encoder."], pooling: "mean", epochs: 1 };
    const [train, validation] = [rowsOf(16, own, 5), rowsOf(9, own, 6)];
    const run = await Run.load({ opened, recipe: own, labelNames, train, validation }, new RunControl());
    let features = 0;
    for await (const event of run.events()) {
      if (event.type === "features") features = event.total;
      if (event.type === "evaluation") expect(event.report.rows).toBe(9);
    }
    expect(features).toBe(train.rowStart.length + validation.rowStart.length - 2);
    run.dispose();

    const earlier = { train: rowsOf(12, recipe, 7), validation: rowsOf(8, recipe, 8), labelNames };
    const rehearsing: Recipe = { ...recipe, rehearsal: 0.5, ewc: 1, ewcRows: 4, epochs: 1 };
    const both = { opened, recipe: rehearsing, labelNames, train, validation, earlier };
    const second = await Run.load(both, new RunControl());
    let scored = 0;
    for await (const event of second.events()) if (event.type === "earlier") scored = event.report.rows;
    expect(scored).toBe(8);
    second.dispose();
  });

  it("pretrains on each window as a text of its own", async () => {
    const words = ["[MASK]", ...Array.from({ length: 990 }, (_, i) => `w${i}`)];
    const masking = await openModel(
      await checkpointFiles(await tinyTensors(), { tokenizer: smallTokenizer(words).tokenizerJson }),
    );
    const pretrains: Recipe = { ...recipe, pretrainEpochs: 1, epochs: 1 };
    const [train, validation] = [rowsOf(12, pretrains, 3), rowsOf(6, pretrains, 4)];
    const run = await Run.load({ opened: masking, recipe: pretrains, labelNames, train, validation }, new RunControl());
    let rows = 0;
    for await (const event of run.events()) if (event.type === "pretrainStep") rows += event.rows;
    expect(rows).toBe(train.rowStart.length - 1);
    run.dispose();
  });

  it("is refused where windows overlap by half", () => {
    expect(() => rowsOf(24, { ...recipe, windowOverlap: 5 }, 1)).toThrow("Windows of long texts overlap by 5 tokens");
  });
});

describe("an exported folder", () => {
  it.each(cases)("reads long texts as its card's Python does: $name", async (one) => {
    // A rate that no float32 weight feels: the folder has the reference's weights.
    const recipe: Recipe = { ...tinyRecipe, ...one.recipe, learningRate: 1e-30, epochs: 1, weightDecay: 0 };
    const input = { opened, recipe, labelNames, train: rowsOf(8, recipe, 1), validation: rowsOf(9, recipe, 2) };
    const run = await Run.load(input, new RunControl());
    for await (const event of run.events()) if (event.type === "end") expect(event.step).toBeGreaterThan(0);
    const files = await filesOf(run, one.seconds !== undefined);
    run.dispose();
    await writeFolder(one.name, files);

    const again = await openModel(files);
    expect({ ...one.recipe, ...again.summary.limit }).toEqual({ ...again.summary.limit, ...one.recipe });
    // config.json alone says it too.
    const withoutRecipe = await openModel(files.filter(({ name }) => name !== "recipe.json"));
    expect(withoutRecipe.summary.limit).toEqual(again.summary.limit);
    const model = await loadClassifier(again, labelNames);
    const tokenizer = createTokenizer(again.tokenizer);
    const rows = encodeRows(one.texts, one.seconds ?? null, again.summary.limit, tokenizer);
    const probabilities = softmax(await score(model, rows, 3), 3);
    model.dispose();
    expect(one.probabilities).toHaveLength(one.texts.length);
    one.probabilities.flat().forEach((value, i) => expect(probabilities[i]).toBeCloseTo(value, 4));
  });
});

/** Writes a folder for make_long_texts.py, where it is asked for. */
async function writeFolder(name: string, files: readonly ByteSource[]): Promise<void> {
  const target = process.env["TABTUNE_LONG_TEXTS"];
  if (target === undefined) return;
  mkdirSync(join(target, name), { recursive: true });
  for (const file of files) writeFileSync(join(target, name, file.name), await file.slice(0, file.size));
}
