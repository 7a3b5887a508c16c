import { readAll, type ByteSource } from "../io/byte-source.ts";
import type { CsvStyle } from "../io/csv-cells.ts";
import { checkFloat16Range } from "../io/float16.ts";
import { encodeTensor, safetensorsHeader, type WeightDtype } from "../io/safetensors-write.ts";
import { recipeText } from "../recipe/recipe-file.ts";
import { limitOf } from "../tasks/task.ts";
import { adapterConfigJson, type AdapterFacts } from "./adapter.ts";
import { configJson } from "./config-json.ts";
import { modelCard, type CardFacts } from "./model-card.ts";
import { predictionsCsv, type Predictions } from "./predictions-csv.ts";
import { exportedTokenizerJson, tokenizerConfigJson } from "./tokenizer-config.ts";

/** A file of the exported folder. */
export interface ExportEntry {
  name: string;
  /** Its content, read when its turn comes and never whole where it is large. */
  input: string | Uint8Array<ArrayBuffer> | AsyncIterable<Uint8Array<ArrayBuffer>>;
}

/** The trained weights, read one tensor at a time. */
export interface ExportWeights {
  /** Hugging Face names and shapes. */
  entries: readonly { name: string; shape: number[] }[];
  /** Values of a tensor, row-major, in an array of their own, which is passed on without a copy. */
  read(name: string): Promise<Float32Array<ArrayBuffer>>;
}

/** All that an exported folder is made of. */
export interface ExportContents {
  /** Parsed config.json of the checkpoint that was trained. */
  baseConfig: unknown;
  /** Most tokens the model can read. */
  maxPositions: number;
  /** Segment types that it has a vector for; 0 where it takes none. */
  segmentTypes: number;
  weights: ExportWeights;
  /** Set for a PEFT folder, whose weights are LoRA's; null for a whole model. */
  adapter: AdapterFacts | null;
  dtype: WeightDtype;
  tokenizerJson: string;
  /** Text of tokenizer_config.json, or null where none came. */
  tokenizerConfigJson: string | null;
  /** Further tokenizer files that came in, passed on as they are. */
  extra: readonly ByteSource[];
  card: Omit<CardFacts, "dtype" | "isAdapter">;
  /** Events of the run, in order. */
  events: readonly object[];
  predictions: Predictions;
  /** Those of the test rows, where the weights were tested. */
  testPredictions?: Predictions;
  /** How predictions.csv is written. */
  csv?: CsvStyle;
}

/**
 * The files of a Hugging Face folder or a PEFT folder, the small configuration files first. Throws a Problem before
 * the first file where a weight is beyond float16's range. The weights are read and encoded
 * tensor by tensor while the entry is consumed; whoever consumes writes a zip or a directory.
 */
export async function* exportEntries(contents: ExportContents): AsyncGenerator<ExportEntry> {
  const { card, dtype, tokenizerJson } = contents;
  if (dtype === "float16") await checkRange(contents.weights);
  const { task, labelNames, family } = card;
  const { tokenizerConfigJson: given, maxPositions, segmentTypes } = contents;
  const { tokenizerClass } = family;
  const tokenizerConfig = tokenizerConfigJson(given, tokenizerJson, { maxPositions, segmentTypes, tokenizerClass });
  const { adapter } = contents;
  const { recipe } = card;
  const facts = {
    task,
    family,
    labelNames,
    dtype,
    pooling: recipe.pooling,
    reading: limitOf(task, recipe),
    cleaning: recipe,
  };
  const config = adapter
    ? { name: "adapter_config.json", input: adapterConfigJson(adapter, task, card.baseModel) }
    : { name: "config.json", input: configJson(contents.baseConfig, facts) };
  const weights = adapter ? "adapter_model.safetensors" : "model.safetensors";
  const own: ExportEntry[] = [
    { name: "README.md", input: modelCard({ ...card, dtype, isAdapter: adapter !== null }) },
    config,
    { name: "tokenizer.json", input: exportedTokenizerJson(given, tokenizerJson) },
    { name: "tokenizer_config.json", input: tokenizerConfig },
    { name: "recipe.json", input: recipeText(card.recipe) },
    { name: "metrics.jsonl", input: encoded(metricsJsonl(contents.events)) },
    { name: "predictions.csv", input: encoded(predictionsCsv(contents.predictions, labelNames, contents.csv)) },
    ...(contents.testPredictions
      ? [
          {
            name: "test-predictions.csv",
            input: encoded(predictionsCsv(contents.testPredictions, labelNames, contents.csv)),
          },
        ]
      : []),
    { name: weights, input: weightBytes(contents.weights, dtype) },
  ];
  const taken = new Set(own.map((entry) => entry.name));
  for (const source of contents.extra) {
    // An exported folder that was opened and trained again brings files of the same names.
    if (!taken.has(source.name)) yield { name: source.name, input: await readAll(source) };
  }
  yield* own;
}

/** Reads all weights once more than they are written, so that what does not fit is known before anything is. */
async function checkRange(weights: ExportWeights): Promise<void> {
  for (const { name } of weights.entries) checkFloat16Range(name, await weights.read(name));
}

async function* weightBytes(weights: ExportWeights, dtype: WeightDtype): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const entries = weights.entries.map((entry) => ({ ...entry, dtype }));
  yield safetensorsHeader(entries, { format: "pt" });
  for (const { name } of entries) yield encodeTensor(await weights.read(name), dtype);
}

/** Lines as bytes, some 64 kB at a time. */
async function* encoded(lines: Iterable<string>): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder();
  let block = "";
  for (const line of lines) {
    block += line;
    if (block.length < 65_536) continue;
    yield encoder.encode(block);
    block = "";
  }
  yield encoder.encode(block);
}

/**
 * metrics.jsonl: the events of a run, one JSON object per line, in order. Numbers that are not finite become null.
 */
export function* metricsJsonl(events: readonly object[]): Generator<string> {
  for (const event of events) yield `${JSON.stringify(event)}\n`;
}
