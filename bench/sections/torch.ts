import { startNodeBackend } from "../../src/cli/node-backend.ts";
import { median } from "../../src/metrics/spread.ts";
import { goalsTable, least, number, table } from "../runner/tables.ts";
import {
  bertBase,
  miniLm,
  randomRows,
  randomWeights,
  type ModelShape,
  type Rows,
  type Weights,
} from "../inputs/model-shape.ts";
import { ourPeer, ourScorer } from "../peers/ours.ts";
import { LEARNING_RATE, WEIGHT_DECAY } from "../peers/peer.ts";
import { SST2_LENGTHS } from "../inputs/sst2.ts";
import { lossesOf, repeatStep, requireEqual, tokensOf } from "../peers/step-cost.ts";
import { findTorch, runTorch } from "../peers/torch.ts";
import { vectorPeak } from "../meters/vector-peak.ts";

interface ByThreads {
  threads: number;
  minMs: number;
  medianMs: number;
}

/** One shape's step or evaluation by threads: ours on wasm, and PyTorch's. */
interface TorchComparison {
  name: string;
  rows: number;
  tokens: number;
  /** With the padding of PyTorch's rows. */
  paddedTokens: number;
  /** Floating-point operations of ours in the layers' products, attention's and all else left out. */
  operations: number;
  ours: ByThreads[];
  torch: ByThreads[];
}

/** `peak`: GFLOP/s of vectors of 128 bits on one thread. Null where there is no Python with PyTorch. */
type TorchBench = { torch: string; transformers: string; peak: number; shapes: TorchComparison[] } | null;

interface Case {
  name: string;
  shape: ModelShape;
  rows: Rows;
  repeats: number;
}

/** Ratios of the times of ours by PyTorch's with as many threads, by the beginning of the name. */
const GOALS: { name: string; speeds: Record<number, number> }[] = [
  { name: "MiniLM, 8 × 32", speeds: { 1: 0.85, 2: 1 } },
  { name: "MiniLM, 16 rows", speeds: { 1: 1.3, 2: 1.4 } },
  { name: "BERT-base, 4 × 32", speeds: { 1: 0.8, 2: 0.95 } },
  { name: "MiniLM, evaluation", speeds: { 1: 1.2, 2: 1.2 } },
];
const THREADS = [1, 2];
/** The 16 rows, or their lengths, so many times over. */
const EVALUATED_TURNS = 16;
const EVALUATED_AT_ONCE = 8;
const EVALUATION_REPEATS = 3;
const COMPARED_STEPS = 2;
/** The tolerance against PyTorch, as in the tests. */
const TOLERANCE = 1e-4;
const DROPOUT = 0.1;

/**
 * Ours on wasm against PyTorch on the processor, from the same weights and on the same rows, with the same threads.
 *
 * @param log takes a line of progress
 * @param sst2 rows of SST-2; without them, random ids of the lengths of 16 real rows
 * @param threads numbers of threads
 * @throws Error when the two do not have the same losses without dropout, or the same logits
 */
export async function benchTorch(
  log: (line: string) => void,
  sst2: Rows | null,
  threads: readonly number[] = THREADS,
): Promise<TorchBench> {
  const python = findTorch();
  if (python === null) {
    log("There is no Python with torch and transformers; TABTUNE_PYTHON can name one.");
    return null;
  }
  const even = (rows: number, length: number, shape: ModelShape) =>
    randomRows(new Array<number>(rows).fill(length), shape, 2);
  const real = { rows: sst2 ?? randomRows(SST2_LENGTHS, miniLm, 3), name: sst2 ? "SST-2" : "lengths of SST-2" };
  const cases: Case[] = [
    { name: "MiniLM, 8 × 32", shape: miniLm, rows: even(8, 32, miniLm), repeats: 7 },
    { name: `MiniLM, 16 rows, ${real.name}`, shape: miniLm, rows: real.rows, repeats: 7 },
    { name: "MiniLM, 16 × 128", shape: miniLm, rows: even(16, 128, miniLm), repeats: 3 },
    { name: "BERT-base, 4 × 32", shape: bertBase, rows: even(4, 32, bertBase), repeats: 3 },
  ];
  // The memory is shared from the start, or not at all.
  await startNodeBackend("wasm", { threads: Math.max(...threads) });
  const peak = vectorPeak();
  log(`Vectors of 128 bits: ${number(peak, 1)} GFLOP/s on one thread`);
  const shapes: TorchComparison[] = [];
  let versions = { torch: "", transformers: "" };
  for (const one of cases) {
    const weights = randomWeights(one.shape, 1);
    const { losses, ours } = await measureOurs(one, weights, threads);
    log(`${one.name}: ours ${JSON.stringify(ours)}`);
    const torch = runTorch(python, one.shape, weights, {
      rows: one.rows,
      threads,
      repeats: one.repeats,
      compared_steps: COMPARED_STEPS,
      learning_rate: LEARNING_RATE,
      weight_decay: WEIGHT_DECAY,
      max_gradient_norm: 1,
    });
    log(`${one.name}: PyTorch ${JSON.stringify(torch)}`);
    requireEqual("PyTorch", torch.losses ?? [], losses, TOLERANCE);
    versions = { torch: torch.torch, transformers: torch.transformers };
    const lengths = one.rows.ids.map((row) => row.length);
    shapes.push({
      name: one.name,
      rows: lengths.length,
      tokens: tokensOf(one.rows),
      paddedTokens: lengths.length * Math.max(...lengths),
      // Backward has two products for each of the forward pass.
      operations: 3 * layerOperations(one.shape, tokensOf(one.rows)),
      ours,
      torch: torch.times.map(({ threads, ms }) => costOf(threads, ms)),
    });
  }
  shapes.push(await compareEvaluation(python, real.rows, threads, log));
  return { ...versions, peak, shapes };
}

/** Floating-point operations of the products of all layers, forward. */
function layerOperations({ layers, hidden, intermediate }: ModelShape, tokens: number): number {
  return 2 * tokens * layers * (4 * hidden * hidden + 2 * hidden * intermediate);
}

const costOf = (threads: number, ms: readonly number[]): ByThreads => {
  return { threads, minMs: Math.min(...ms), medianMs: median(ms) };
};

/** Rows scored: ours as `evaluate` does, PyTorch in batches of 8 in file order, each padded to its longest. */
async function compareEvaluation(
  python: string,
  real: Rows,
  threads: readonly number[],
  log: (line: string) => void,
): Promise<TorchComparison> {
  const again = <Value>(values: Value[]) => new Array<Value[]>(EVALUATED_TURNS).fill(values).flat();
  const rows: Rows = { ids: again(real.ids), types: again(real.types), labels: again(real.labels) };
  const weights = randomWeights(miniLm, 1);
  const scorer = await ourScorer({ shape: miniLm, weights }, rows);
  const ours: ByThreads[] = [];
  for (const count of threads) {
    await startNodeBackend("wasm", { threads: count });
    await scorer.score();
    const ms: number[] = [];
    for (let i = 0; i < EVALUATION_REPEATS; i++) {
      const start = performance.now();
      await scorer.score();
      ms.push(performance.now() - start);
    }
    ours.push(costOf(count, ms));
  }
  const logits = await scorer.score();
  scorer.dispose();
  const torch = runTorch(python, miniLm, weights, { evaluated: rows, threads, repeats: EVALUATION_REPEATS });
  requireEqual("PyTorch", torch.logits ?? [], [...logits], TOLERANCE);
  const lengths = rows.ids.map((row) => row.length);
  let paddedTokens = 0;
  for (let start = 0; start < lengths.length; start += EVALUATED_AT_ONCE) {
    const batch = lengths.slice(start, start + EVALUATED_AT_ONCE);
    paddedTokens += batch.length * Math.max(...batch);
  }
  const compared = {
    name: `MiniLM, evaluation of ${lengths.length} rows, lengths of SST-2`,
    rows: lengths.length,
    tokens: tokensOf(rows),
    paddedTokens,
    operations: layerOperations(miniLm, tokensOf(rows)),
    ours,
    torch: torch.times.map(({ threads: count, ms }) => costOf(count, ms)),
  };
  log(JSON.stringify(compared));
  return compared;
}

async function measureOurs({ shape, rows, repeats }: Case, weights: Weights, threads: readonly number[]) {
  const fixed = { shape, weights, rows: rows.ids.length, tokens: tokensOf(rows) };
  const plain = await ourPeer({ ...fixed, dropout: 0, plainAdam: true });
  const losses = await lossesOf(plain, rows, COMPARED_STEPS);
  plain.dispose();
  const peer = await ourPeer({ ...fixed, dropout: DROPOUT, plainAdam: false });
  const ours: ByThreads[] = [];
  for (const count of threads) {
    await startNodeBackend("wasm", { threads: count });
    await lossesOf(peer, rows, 1);
    const { minMs, medianMs } = await repeatStep(peer, rows, repeats);
    ours.push({ threads: count, minMs, medianMs });
  }
  peer.dispose();
  return { losses, ours };
}

/** The section's part of RESULTS.md. */
export function torchPage(result: TorchBench): string {
  const title = "## PyTorch on the same processor";
  if (result === null) return `${title}\n\nNot measured: there was no Python with torch and transformers.`;
  const threads = [...new Set(result.shapes.flatMap(({ torch }) => torch.map((cost) => cost.threads)))];
  const of = (costs: readonly ByThreads[], count: number) => costs.find((cost) => cost.threads === count);
  const ms = (cost: ByThreads | undefined) => (cost ? `${number(cost.minMs)} (${number(cost.medianMs)})` : "–");
  const speed = ({ ours, torch }: TorchComparison, count: number) => {
    const [own, theirs] = [of(ours, count), of(torch, count)];
    return own && theirs ? theirs.minMs / own.minMs : null;
  };
  /** Milliseconds of the products at the limit of as many threads. */
  const atLimit = ({ operations }: TorchComparison, count: number) => operations / (result.peak * count * 1e6);
  return [
    title,
    `Forward, backward, clipping and AdamW, dropout 0.1, eager; ours on wasm in Node. Milliseconds of the fastest step and (of the median one); PyTorch's rows are padded to the longest, with an attention mask. In the evaluation PyTorch takes batches of ${EVALUATED_AT_ONCE} rows in file order, each padded to its longest. Without dropout the two have the same losses from the same weights, and the same logits. The last columns are how many times as fast as PyTorch ours is with as many threads. PyTorch ${result.torch}, transformers ${result.transformers}.`,
    table(
      [
        ...["", "tokens", "padded"],
        ...threads.flatMap((count) => [`Tabtune, ${countOf(count)}`, `PyTorch, ${countOf(count)}`]),
        ...threads.map((count) => `speed, ${countOf(count)}`),
      ],
      result.shapes.map((shape) => [
        ...[shape.name, number(shape.tokens), number(shape.paddedTokens)],
        ...threads.flatMap((count) => [ms(of(shape.ours, count)), ms(of(shape.torch, count))]),
        ...threads.map((count) => {
          const measured = speed(shape, count);
          return measured === null ? "–" : number(measured, 2);
        }),
      ]),
    ),
    `The share of the limit is that of the layers' products alone, as if all the time were theirs: WebAssembly has vectors of 128 bits, with which one thread reaches ${number(result.peak, 1)} GFLOP/s here in registers alone; PyTorch's are up to four times as wide. The speed at the limit is what ours would be, in PyTorch's, if the products ran at that limit and all else took no time.`,
    table(
      [
        ...["", "GFLOP of the products"],
        ...threads.map((count) => `share of the limit, ${countOf(count)}`),
        ...threads.map((count) => `speed at the limit, ${countOf(count)}`),
      ],
      result.shapes.map((shape) => [
        ...[shape.name, number(shape.operations / 1e9, 1)],
        ...threads.map((count) => {
          const own = of(shape.ours, count);
          return own ? number(atLimit(shape, count) / own.minMs, 2) : "–";
        }),
        ...threads.map((count) => {
          const theirs = of(shape.torch, count);
          return theirs ? number(theirs.minMs / atLimit(shape, count), 2) : "–";
        }),
      ]),
    ),
    goalsTable(
      result.shapes.flatMap((shape) =>
        threads.flatMap((count) => {
          const limit = GOALS.find(({ name }) => shape.name.startsWith(name))?.speeds[count];
          const measured = speed(shape, count);
          if (limit === undefined || measured === null) return [];
          return [least(`${shape.name}: times as fast as PyTorch, ${countOf(count)}`, limit, measured)];
        }),
      ),
    ),
  ].join("\n\n");
}

function countOf(threads: number): string {
  return `${threads} ${threads === 1 ? "thread" : "threads"}`;
}
