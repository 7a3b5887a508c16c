import { startNodeBackend } from "../../src/cli/node-backend.ts";
import { median } from "../../src/metrics/median.ts";
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
import { ourPeer } from "../peers/ours.ts";
import { LEARNING_RATE, WEIGHT_DECAY } from "../peers/peer.ts";
import { SST2_LENGTHS } from "../inputs/sst2.ts";
import { lossesOf, repeatStep, requireEqual, tokensOf, type StepCost } from "../peers/step-cost.ts";
import { findTorch, runTorch } from "../peers/torch.ts";

/** One shape's step: ours on wasm with one thread, and PyTorch's by threads. */
interface TorchComparison {
  name: string;
  rows: number;
  tokens: number;
  /** With the padding of PyTorch's rows. */
  paddedTokens: number;
  ours: StepCost;
  torch: { threads: number; minMs: number; medianMs: number }[];
}

/** Null where there is no Python with PyTorch. */
type TorchBench = { torch: string; transformers: string; shapes: TorchComparison[] } | null;

interface Case {
  name: string;
  shape: ModelShape;
  rows: Rows;
  repeats: number;
}

const THREADS = [1, 2];
const COMPARED_STEPS = 2;
/** The tolerance against PyTorch, as in the tests. */
const TOLERANCE = 1e-4;
const DROPOUT = 0.1;

/**
 * Ours on wasm against PyTorch on the processor, from the same weights and on the same rows.
 *
 * @param log takes a line of progress
 * @param sst2 rows of SST-2; without them, random ids of the lengths of 16 real rows
 * @throws Error when the two do not have the same losses without dropout
 */
export async function benchTorch(log: (line: string) => void, sst2: Rows | null): Promise<TorchBench> {
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
  await startNodeBackend("wasm");
  const shapes: TorchComparison[] = [];
  let versions = { torch: "", transformers: "" };
  for (const one of cases) {
    const weights = randomWeights(one.shape, 1);
    const { losses, cost } = await measureOurs(one, weights);
    log(`${one.name}: ours ${JSON.stringify(cost)}`);
    const torch = runTorch(python, one.shape, weights, {
      rows: one.rows,
      threads: THREADS,
      repeats: one.repeats,
      compared_steps: COMPARED_STEPS,
      learning_rate: LEARNING_RATE,
      weight_decay: WEIGHT_DECAY,
      max_gradient_norm: 1,
    });
    log(`${one.name}: PyTorch ${JSON.stringify(torch)}`);
    requireEqual("PyTorch", torch.losses, losses, TOLERANCE);
    versions = { torch: torch.torch, transformers: torch.transformers };
    const lengths = one.rows.ids.map((row) => row.length);
    shapes.push({
      name: one.name,
      rows: lengths.length,
      tokens: tokensOf(one.rows),
      paddedTokens: lengths.length * Math.max(...lengths),
      ours: cost,
      torch: torch.times.map(({ threads, ms }) => ({ threads, minMs: Math.min(...ms), medianMs: median(ms) })),
    });
  }
  return { ...versions, shapes };
}

async function measureOurs({ shape, rows, repeats }: Case, weights: Weights) {
  const fixed = { shape, weights, rows: rows.ids.length, tokens: tokensOf(rows) };
  const plain = await ourPeer({ ...fixed, dropout: 0, plainAdam: true });
  const losses = await lossesOf(plain, rows, COMPARED_STEPS);
  plain.dispose();
  const peer = await ourPeer({ ...fixed, dropout: DROPOUT, plainAdam: false });
  await lossesOf(peer, rows, 1);
  const cost = await repeatStep(peer, rows, repeats);
  peer.dispose();
  return { losses, cost };
}

/** The section's part of RESULTS.md. */
export function torchPage(result: TorchBench): string {
  const title = "## PyTorch on the same processor";
  if (result === null) return `${title}\n\nNot measured: there was no Python with torch and transformers.`;
  const ms = ({ minMs, medianMs }: { minMs: number; medianMs: number }) => `${number(minMs)} (${number(medianMs)})`;
  return [
    title,
    `Forward, backward, clipping and AdamW, dropout 0.1, eager; ours on wasm in Node with one thread. Milliseconds of the fastest step and (of the median one); PyTorch's rows are padded to the longest, with an attention mask. Without dropout the two have the same losses from the same weights. PyTorch ${result.torch}, transformers ${result.transformers}.`,
    table(
      ["", "tokens", "padded", "Tabtune", ...THREADS.map(threadsHead), ...THREADS.map(ratioHead)],
      result.shapes.map(({ name, tokens, paddedTokens, ours, torch }) => [
        name,
        number(tokens),
        number(paddedTokens),
        ms(ours),
        ...torch.map(ms),
        ...torch.map(({ minMs }) => number(ours.minMs / minMs, 2)),
      ]),
    ),
    goalsTable(
      result.shapes.flatMap(({ name, ours, torch: [oneThread] }) =>
        oneThread
          ? [least(`${name}: share of PyTorch's speed, one thread each`, 0.3, oneThread.minMs / ours.minMs)]
          : [],
      ),
    ),
  ].join("\n\n");
}

function threadsHead(threads: number): string {
  return `PyTorch, ${threads} ${threads === 1 ? "thread" : "threads"}`;
}

function ratioHead(threads: number): string {
  return `ours : PyTorch, ${threads}`;
}
