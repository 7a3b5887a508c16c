/**
 * Makes the recorded runs of test/advice/runs; see the README there.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import type { DataFacts, RunRecord } from "../../src/advice/record.ts";
import { startNodeBackend } from "../../src/cli/node-backend.ts";
import { prepareData } from "../../src/data/dataset.ts";
import type { EncodedDataset, LabelledRows } from "../../src/data/rows.ts";
import { openTable } from "../../src/data/table.ts";
import { fileSource } from "../../src/io/node-file.ts";
import { Problem } from "../../src/problem/problem.ts";
import { defaultRecipe, type Recipe } from "../../src/recipe/recipe.ts";
import { openModel } from "../../src/run/open-model.ts";
import { Run } from "../../src/run/run.ts";
import { encodeRows } from "../../src/tokenize/encode-rows.ts";
import { createTokenizer } from "../../src/tokenize/tokenizer.ts";
import { RunControl } from "../../src/train/control.ts";
import type { TrainEvent } from "../../src/train/events.ts";
import { textSource } from "../io/model-folder.ts";
import { smallTokenizer } from "../tokenize/starter-tokenizer.ts";
import { vocabulary, type MadeRows } from "./run-data.ts";
import type { RunHead } from "./recorded-run.ts";
import { plannedRuns } from "./planned-runs.ts";

const folder = "test/advice/runs";
const checkpoint = "test/reference/tiny/checkpoint";
const EMBEDDINGS = 997;
/** More steps are thinned by leaving out what no rule reads, then digits; files stay small enough to be kept. */
const DIGITS = 5;

async function record(name: string, rows: MadeRows, changes: Partial<Recipe>): Promise<string> {
  const recipe: Recipe = { ...defaultRecipe, ...changes };
  const rest = Array.from({ length: EMBEDDINGS - 4 - vocabulary.length }, (_, i) => `unused${i}`);
  const tokenizer = smallTokenizer([...vocabulary, ...rest]).tokenizerJson;
  const files = ["config.json", "model.safetensors"].map((file) => fileSource(`${checkpoint}/${file}`));
  const opened = await openModel([...(await Promise.all(files)), textSource("tokenizer.json", tokenizer)]);
  const csv = ["text,label", ...rows.texts.map((text, i) => `${text},${rows.labels[i]}`)].join("\n");
  const table = await openTable(textSource(`${name}.csv`, csv));
  const split = { share: recipe.validationShare, seed: recipe.seed, validationTable: null };
  const { train, validation, summary } = prepareData(table, { text: 0, pair: null, label: 1 }, split);
  const encode = (some: LabelledRows): EncodedDataset => ({
    ...encodeRows(some.texts, some.pairs, recipe.maxLength, createTokenizer(opened.tokenizer)),
    labels: some.labels,
  });
  const { labelNames, trainCounts } = summary;
  const input = { opened, recipe, labelNames, train: encode(train), validation: encode(validation) };
  const run = await Run.load(input, new RunControl());
  const events: TrainEvent[] = [];
  let state: RunRecord["state"] = "finished";
  try {
    for await (const event of run.events()) events.push(event);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    state = "failed";
  } finally {
    run.dispose();
  }
  const lengths = [...input.train.fullLengths];
  const data: DataFacts = {
    trainCounts,
    longerThan: Array.from({ length: Math.max(...lengths) + 1 }, (_, n) => lengths.filter((l) => l > n).length),
    mostTokens: opened.config.maxPositions,
  };
  const head: RunHead = { type: "run", recipe: changes, labelNames, data, state };
  const kept = events.filter(({ type }) => type === "plan" || type === "step" || type === "evaluation");
  return [head, ...kept].map((line) => `${JSON.stringify(line, shortened)}\n`).join("");
}

/** Leaves out times and sizes, which differ from run to run or which no rule reads, and digits beyond float32's worth. */
function shortened(key: string, value: unknown): unknown {
  if (["wallMs", "trainingMs", "tokens", "rows", "epoch"].includes(key) && key !== "rows") return undefined;
  return typeof value === "number" && !Number.isInteger(value) && Number.isFinite(value)
    ? Number(value.toPrecision(DIGITS))
    : value;
}

const wanted = process.argv.slice(2);
await startNodeBackend("wasm");
mkdirSync(folder, { recursive: true });
for (const { name, rows, recipe } of plannedRuns) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const text = await record(name, rows(), recipe);
  writeFileSync(`${folder}/${name}.jsonl`, text);
  console.error(`${name}: ${(text.length / 1000).toFixed(0)} kB`);
}
process.exit(0);
