/**
 * Makes the recorded runs of test/advice/runs; see the README there.
 */
import { readerOf } from "../../src/tasks/targets.ts";
import { mkdirSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import type { DataFacts, RunRecord } from "../../src/advice/record.ts";
import { startNodeBackend } from "../../src/cli/node-backend.ts";
import { prepareData } from "../../src/data/dataset.ts";
import { splitEarlierTexts, prepareEarlier } from "../../src/data/earlier.ts";
import type { EncodedDataset, LabelledRows } from "../../src/data/rows.ts";
import { openTable } from "../../src/data/table.ts";
import { exportEntries, type ExportEntry } from "../../src/export/entries.ts";
import { bytesSource } from "../../src/io/byte-source.ts";
import { fileSource } from "../../src/io/node-file.ts";
import { Problem } from "../../src/problem/problem.ts";
import { defaultRecipe, type Recipe } from "../../src/recipe/recipe.ts";
import { openModel, type OpenedModel } from "../../src/run/open-model.ts";
import { Run } from "../../src/run/run.ts";
import { encodeRows } from "../../src/tokenize/encode-rows.ts";
import { createTokenizer } from "../../src/tokenize/tokenizer.ts";
import { RunControl } from "../../src/train/control.ts";
import type { EarlierData } from "../../src/train/earlier-task.ts";
import type { TrainEvent } from "../../src/train/events.ts";
import { textSource } from "../io/model-folder.ts";
import { smallTokenizer } from "../tokenize/starter-tokenizer.ts";
import { vocabulary, type MadeRows } from "./run-data.ts";
import type { RunHead } from "./recorded-run.ts";
import { first, plannedRuns, type PlannedRun } from "./planned-runs.ts";
import { classCounts } from "../../src/tasks/single-label/class-counts.ts";

const folder = "test/advice/runs";
const checkpoint = "test/reference/tiny/checkpoint";
const EMBEDDINGS = 997;
/** More steps are thinned by leaving out what no rule reads, then digits; files stay small enough to be kept. */
const DIGITS = 5;
const columns = { text: 0, pair: null, label: 1 };
const keptTypes = new Set<TrainEvent["type"]>(["plan", "step", "evaluation", "earlier"]);

async function record({ name, rows, recipe: changes, earlier, earlierTexts }: PlannedRun): Promise<string> {
  const recipe: Recipe = { ...defaultRecipe, ...changes };
  const opened = earlier ? await trainedBefore(earlier()) : await openTiny();
  const { input, trainCounts } = await inputOf(name, opened, rows(), recipe);
  const events: TrainEvent[] = [];
  let state: RunRecord["state"] = "finished";
  const run = await Run.load(
    {
      ...input,
      ...(earlier && { earlier: await earlierOf(earlier(), opened, recipe) }),
      ...(earlierTexts && textsOf(earlierTexts(), opened, recipe)),
    },
    new RunControl(),
  );
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
    layers: opened.config.layers,
  };
  const head: RunHead = { type: "run", recipe: changes, labelNames: [...input.labelNames], data, state };
  const kept = events.filter(({ type }) => keptTypes.has(type));
  return [head, ...kept].map((line) => `${JSON.stringify(line, shortened)}\n`).join("");
}

/** The tiny model with a tokenizer of the made words. */
async function openTiny(): Promise<OpenedModel> {
  const rest = Array.from({ length: EMBEDDINGS - 5 - vocabulary.length }, (_, i) => `unused${i}`);
  const tokenizer = smallTokenizer([...vocabulary, ...rest, "[MASK]"]).tokenizerJson;
  const files = ["config.json", "model.safetensors"].map((file) => fileSource(`${checkpoint}/${file}`));
  return openModel([...(await Promise.all(files)), textSource("tokenizer.json", tokenizer)]);
}

/** The tiny model after it was trained for a task, as its exported folder gives it back. */
async function trainedBefore(rows: MadeRows): Promise<OpenedModel> {
  const { input } = await inputOf("earlier", await openTiny(), rows, { ...defaultRecipe, ...first });
  const run = await Run.load(input, new RunControl());
  for await (const event of run.events()) void event;
  const sources = [];
  for await (const { name, input: content } of exportEntries(
    await run.exportContents("best", "float32", [], "earlier"),
  )) {
    if (/[.](json|safetensors)$/.test(name)) sources.push(bytesSource(name, await bytesOf(content)));
  }
  run.dispose();
  return openModel(sources);
}

async function bytesOf(content: ExportEntry["input"]): Promise<Uint8Array<ArrayBuffer>> {
  if (typeof content === "string") return new TextEncoder().encode(content);
  if (content instanceof Uint8Array) return content;
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for await (const part of content) parts.push(part.slice());
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

async function inputOf(name: string, opened: OpenedModel, rows: MadeRows, recipe: Recipe) {
  const split = { readerOf, share: recipe.validationShare, seed: recipe.seed, validationTable: null };
  const { train, validation, summary } = prepareData(await tableOf(name, rows), columns, split);
  const encode = (some: LabelledRows) => encoded(some, opened, recipe);
  const { labelNames } = summary;
  const trainCounts = classCounts(summary.targets)?.trainCounts ?? [];
  return { input: { opened, recipe, labelNames, train: encode(train), validation: encode(validation) }, trainCounts };
}

async function earlierOf(rows: MadeRows, opened: OpenedModel, recipe: Recipe): Promise<EarlierData> {
  const labelNames = opened.summary.labelNames ?? [];
  const split = {
    readerOf,
    share: recipe.validationShare,
    seed: recipe.seed,
    validationTable: null,
    labelNames,
  };
  const { train, validation } = prepareEarlier(await tableOf("earlier", rows), columns, split);
  return { labelNames, train: encoded(train, opened, recipe), validation: encoded(validation, opened, recipe) };
}

function textsOf(lines: string[], opened: OpenedModel, recipe: Recipe) {
  const file = { name: "earlier.txt", bytes: 0, encoding: "utf-8" as const, lines };
  const { train, validation } = splitEarlierTexts(file, { share: recipe.validationShare, seed: recipe.seed });
  const tokenizer = createTokenizer(opened.tokenizer);
  const encode = (texts: string[]) => encodeRows(texts, null, recipe.maxLength, tokenizer);
  return { earlierCorpus: { train: encode(train), validation: encode(validation) }, pretrainTexts: encode(train) };
}

async function tableOf(name: string, { texts, labels }: MadeRows) {
  const csv = ["text,label", ...texts.map((text, i) => `${text},${labels[i]}`)].join("\n");
  return openTable(textSource(`${name}.csv`, csv));
}

function encoded(rows: LabelledRows, opened: OpenedModel, recipe: Recipe): EncodedDataset {
  const tokenizer = createTokenizer(opened.tokenizer);
  return { ...encodeRows(rows.texts, rows.pairs, recipe.maxLength, tokenizer), labels: rows.labels };
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
for (const planned of plannedRuns) {
  const { name } = planned;
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const text = await record(planned);
  writeFileSync(`${folder}/${name}.jsonl.gz`, gzipSync(text, { level: 9 }));
  console.error(`${name}: ${(text.length / 1000).toFixed(0)} kB`);
}
process.exit(0);
