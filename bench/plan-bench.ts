import { startNodeBackend } from "../src/cli/node-backend.ts";
import type { EncodedDataset } from "../src/data/rows.ts";
import type { BackendChoice } from "../src/gpu/backend.ts";
import { dispatchesPerSubmission } from "../src/gpu/flush.ts";
import { bytesHeld } from "../src/gpu/memory.ts";
import { BertClassifier } from "../src/model/bert.ts";
import { loadParameters } from "../src/model/checkpoint.ts";
import { parseBertConfig, type BertConfig } from "../src/model/config.ts";
import { createLowRank } from "../src/model/low-rank.ts";
import { defaultRecipe, type Recipe } from "../src/recipe/recipe.ts";
import { memoryOf } from "../src/run/memory.ts";
import { RunControl } from "../src/train/control.ts";
import { TrainingRun } from "../src/train/loop.ts";
import { timeSteps } from "../src/train/time-steps.ts";
import { number, table } from "./markdown.ts";
import { miniLm, randomRows } from "./minilm-shape.ts";

/** One run, foretold and made. Bytes are null where the backend tells no peak. */
export interface PlannedRun {
  name: string;
  predictedMs: number;
  measuredMs: number;
  /** Predicted over measured. */
  timeRatio: number;
  predictedBytes: number;
  measuredBytes: number | null;
  memoryRatio: number | null;
}

interface Case {
  name: string;
  layers: number;
  hidden: number;
  /** Tokens of the shortest and of the longest row. */
  lengths: [number, number];
  changes: Partial<Recipe>;
}

const cases: Case[] = [
  { name: "small", layers: 2, hidden: 128, lengths: [8, 24], changes: {} },
  { name: "long rows", layers: 2, hidden: 128, lengths: [48, 128], changes: {} },
  { name: "deep", layers: 6, hidden: 128, lengths: [8, 32], changes: {} },
  { name: "wide", layers: 2, hidden: 384, lengths: [8, 24], changes: {} },
  { name: "checkpointed", layers: 6, hidden: 128, lengths: [8, 64], changes: { checkpointing: "on" } },
  { name: "micro-batches", layers: 4, hidden: 128, lengths: [8, 64], changes: { accumulate: 4 } },
  { name: "LoRA", layers: 4, hidden: 256, lengths: [8, 32], changes: { loraRank: 8 } },
  {
    name: "frozen half",
    layers: 4,
    hidden: 256,
    lengths: [8, 32],
    changes: { frozen: ["embeddings.", "encoder.layer.0."] },
  },
];

const TRAIN_ROWS = 160;
const VALIDATION_ROWS = 40;
const rates = { hidden: 0.1, attention: 0.1, classifier: 0.1 };
const labelNames = ["a", "b"];
const nothing = { tensors: new Map(), read: () => Promise.reject(new Error("There is no checkpoint.")) };

/**
 * What the plan says of eight runs, and what they then take: the whole run on the clock, and the buffers that the
 * device holds at its end.
 *
 * @param log takes a line of progress; the whole takes minutes on a software adapter
 */
export async function benchPlan(log: (line: string) => void, backend: BackendChoice): Promise<PlannedRun[]> {
  const runs: PlannedRun[] = [];
  for (const one of cases) {
    runs.push(await planned(one, backend));
    log(JSON.stringify(runs.at(-1)));
  }
  return runs;
}

async function planned({ name, layers, hidden, lengths, changes }: Case, choice: BackendChoice): Promise<PlannedRun> {
  const recipe: Recipe = { ...defaultRecipe, rowsPerStep: 8, epochs: 2, evaluationsPerEpoch: 2, ...changes };
  const config = configOf(layers, hidden);
  const train = rowsOf(TRAIN_ROWS, lengths, 1);
  const validation = rowsOf(VALIDATION_ROWS, lengths, 2);
  const input = { opened: { config, tokenizer: noTokenizer }, recipe, labelNames, train, validation };
  const data = { train, validation, labelNames, rates, fit: memoryOf(input) };

  await startNodeBackend(choice);
  const copy = await modelOf(config, recipe);
  const timed = await timeSteps(copy, data, recipe, new RunControl());
  copy.dispose();
  const predictedMs = timed?.ms ?? NaN;

  // A device of its own, so that what it holds is the run's alone.
  const { backend } = await startNodeBackend(choice);
  const model = await modelOf(config, recipe);
  let measuredMs = NaN;
  for await (const event of new TrainingRun(model, data, recipe, new RunControl()).events()) {
    if (event.type === "end") measuredMs = event.wallMs;
  }
  const predictedBytes = memoryOf(input, dispatchesPerSubmission()).prediction.total;
  const measuredBytes = backend === "webgpu" ? bytesHeld() : null;
  model.dispose();
  return {
    name,
    predictedMs,
    measuredMs,
    timeRatio: predictedMs / measuredMs,
    predictedBytes,
    measuredBytes,
    memoryRatio: measuredBytes && predictedBytes / measuredBytes,
  };
}

const noTokenizer = { tokenizerJson: "{}", tokenizerConfigJson: "{}" };
const VOCABULARY = 8000;

function configOf(layers: number, hidden: number): BertConfig {
  return parseBertConfig({
    model_type: "bert",
    vocab_size: VOCABULARY,
    hidden_size: hidden,
    num_hidden_layers: layers,
    num_attention_heads: hidden / 32,
    intermediate_size: 4 * hidden,
    max_position_embeddings: 128,
  });
}

async function modelOf(config: BertConfig, { pooling, loraRank, loraAlpha, loraTargets }: Recipe) {
  const start = { classes: labelNames.length, classifierRows: null, anewFrom: 0, seed: 1, pooling };
  const { parameters } = await loadParameters(config, nothing, start);
  const lowRank = { rank: loraRank, alpha: loraAlpha, targets: loraTargets, seed: 1 };
  return new BertClassifier(config, parameters, pooling, loraRank > 0 ? createLowRank(config, lowRank) : null);
}

/** Random ids in rows of lengths that go evenly from the shortest to the longest, over and over. */
function rowsOf(count: number, [shortest, longest]: [number, number], seed: number): EncodedDataset {
  const lengths = Array.from({ length: count }, (_, row) => shortest + ((row * 7) % (longest - shortest + 1)));
  const { ids, types, labels } = randomRows(lengths, { ...miniLm, vocabulary: VOCABULARY }, seed);
  const rowStart = new Int32Array(count + 1);
  ids.forEach((row, i) => (rowStart[i + 1] = (rowStart[i] ?? 0) + row.length));
  return {
    ids: Int32Array.from(ids.flat()),
    types: Int32Array.from(types.flat()),
    rowStart,
    fullLengths: Int32Array.from(lengths),
    labels: Int32Array.from(labels),
  };
}

/** The section's part of RESULTS.md. */
export function planPage(runs: PlannedRun[]): string {
  const bytes = (value: number | null) => (value === null ? "–" : number(value / 1e6, 1));
  const ratio = (value: number | null) => (value === null ? "–" : number(value, 2));
  return [
    "## What the plan foretells",
    `${runs.length} runs of ${TRAIN_ROWS} rows, two epochs; memory is what the GPU's buffers hold at the end.`,
    table(
      ["run", "foretold s", "measured s", "ratio", "foretold MB", "measured MB", "ratio"],
      runs.map((run) => [
        run.name,
        number(run.predictedMs / 1000, 1),
        number(run.measuredMs / 1000, 1),
        ratio(run.timeRatio),
        bytes(run.predictedBytes),
        bytes(run.measuredBytes),
        ratio(run.memoryRatio),
      ]),
    ),
  ].join("\n\n");
}
