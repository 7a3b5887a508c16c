import { startNodeBackend } from "../../src/cli/node-backend.ts";
import type { BackendChoice } from "../../src/gpu/backend.ts";
import { runningDevice } from "../../src/gpu/running.ts";
import { defaultRecipe, type Recipe } from "../../src/recipe/recipe.ts";
import { planRun } from "../../src/run/plan.ts";
import { Run } from "../../src/run/run.ts";
import { RunControl } from "../../src/train/control.ts";
import { goalsTable, least, most, number, table, type Goal } from "../runner/tables.ts";
import { miniLm, randomDataset } from "../inputs/model-shape.ts";
import { openRandomModel } from "../inputs/checkpoints.ts";

/** One run, estimated and measured. Bytes are null where the backend reports no peak. */
interface PlannedRun {
  name: string;
  backend: string;
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
  earlier?: "rows" | "texts";
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
  { name: "pretraining", layers: 2, hidden: 128, lengths: [8, 32], changes: { pretrainEpochs: 2 } },
  {
    name: "weight consolidation",
    layers: 4,
    hidden: 128,
    lengths: [8, 32],
    changes: { ewc: 1e3, ewcRows: 100 },
    earlier: "rows",
  },
  { name: "rehearsal", layers: 4, hidden: 128, lengths: [8, 32], changes: { rehearsal: 0.25 }, earlier: "rows" },
  {
    name: "weight consolidation, texts",
    layers: 2,
    hidden: 128,
    lengths: [8, 32],
    changes: { ewc: 1e3, ewcRows: 100 },
    earlier: "texts",
  },
];

/** More where an epoch takes a second or less. */
const EPOCHS = { auto: 2, cpu: 2, webgpu: 2, wasm: 8 };
const TRAIN_ROWS = 160;
const VALIDATION_ROWS = 40;
const VOCABULARY = 8000;
const labelNames = ["a", "b"];

/**
 * What the plan says of runs, and what they then take: the whole run on the clock, its weights loaded, and the buffers
 * that the device holds at its end.
 *
 * @param log takes a line of progress; the whole takes minutes on a software adapter
 * @param choice "auto" makes all runs twice, on wasm and on webgpu
 */
export async function benchPlan(log: (line: string) => void, choice: BackendChoice): Promise<PlannedRun[]> {
  const runs: PlannedRun[] = [];
  for (const backend of choice === "auto" ? (["wasm", "webgpu"] as const) : [choice]) {
    for (const one of cases) {
      runs.push(await planned(one, backend));
      log(JSON.stringify(runs.at(-1)));
    }
  }
  return runs;
}

async function planned(
  { name, layers, hidden, lengths, changes, earlier: kind }: Case,
  choice: BackendChoice,
): Promise<PlannedRun> {
  const recipe: Recipe = {
    ...defaultRecipe,
    batchSize: 8,
    epochs: EPOCHS[choice],
    evaluationsPerEpoch: 2,
    ...changes,
  };
  const shape = { layers, hidden, heads: hidden / 32, intermediate: 4 * hidden, vocabulary: VOCABULARY };
  const opened = await openRandomModel({ ...miniLm, ...shape, positions: 128 }, 1);
  const rowsOf = (count: number, seed: number) => randomDataset(count, lengths, VOCABULARY, seed);
  const [train, validation] = [rowsOf(TRAIN_ROWS, 1), rowsOf(VALIDATION_ROWS, 2)];
  const others = { train: rowsOf(TRAIN_ROWS, 3), validation: rowsOf(VALIDATION_ROWS, 4) };
  const input = {
    ...{ opened, recipe, labelNames, train, validation },
    ...(kind === "rows" && { earlier: { ...others, labelNames: opened.summary.labelNames ?? [] } }),
    ...(kind === "texts" && { earlierCorpus: others }),
  };

  await startNodeBackend(choice);
  const { memory, time } = await planRun(input, new RunControl());
  const predictedMs = time ? time.ms + time.compileMs : NaN;

  // A device of its own, so that what it holds is the run's alone.
  const { backend } = await startNodeBackend(choice);
  const run = await Run.load(input, new RunControl());
  const start = performance.now();
  for await (const event of run.events()) void event;
  const measuredMs = performance.now() - start;
  const predictedBytes = memory.prediction.total;
  const measuredBytes = backend === "webgpu" ? runningDevice().bytesHeld : null;
  run.dispose();
  return {
    name,
    backend,
    predictedMs,
    measuredMs,
    timeRatio: predictedMs / measuredMs,
    predictedBytes,
    measuredBytes,
    memoryRatio: measuredBytes && predictedBytes / measuredBytes,
  };
}

/** The section's part of RESULTS.md. */
export function planPage(runs: PlannedRun[]): string {
  const bytes = (value: number | null) => (value === null ? "–" : number(value / 1e6, 1));
  const ratio = (value: number | null) => (value === null ? "–" : number(value, 2));
  const times = runs.map(({ timeRatio }) => timeRatio);
  const memories = runs.flatMap(({ memoryRatio }) => memoryRatio ?? []);
  return [
    "## The plan's estimates",
    `${cases.length} runs of ${TRAIN_ROWS} rows, ${EPOCHS.webgpu} epochs on webgpu and ${EPOCHS.wasm} on wasm, on a device whose kernels are still to be compiled; memory is what the GPU's buffers hold at the end.`,
    table(
      ["run", "backend", "estimated s", "measured s", "ratio", "estimated MB", "measured MB", "ratio"],
      runs.map((run) => [
        run.name,
        run.backend,
        number(run.predictedMs / 1000, 1),
        number(run.measuredMs / 1000, 1),
        ratio(run.timeRatio),
        bytes(run.predictedBytes),
        bytes(run.measuredBytes),
        ratio(run.memoryRatio),
      ]),
    ),
    goalsTable([...withinGoals("time", 0.25, times), ...withinGoals("memory", 0.1, memories)]),
  ].join("\n\n");
}

/** The largest error of the estimates, as a share of the measured value. */
function withinGoals(what: string, share: number, ratios: readonly number[]): Goal[] {
  return [
    least(`${what} foretold over measured, the lowest of ${ratios.length}`, 1 - share, Math.min(...ratios)),
    most(`${what} foretold over measured, the highest of ${ratios.length}`, 1 + share, Math.max(...ratios)),
  ];
}
