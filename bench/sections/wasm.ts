import { startNodeBackend } from "../../src/cli/node-backend.ts";
import { goalsTable, least, number, table } from "../runner/tables.ts";
import { firstRows, miniLm, randomRows, randomWeights, type Rows } from "../inputs/model-shape.ts";
import { ourPeer } from "../peers/ours.ts";
import type { Peer } from "../peers/peer.ts";
import { PADDED_LENGTH, SST2_LENGTHS } from "../inputs/sst2.ts";
import { lossesOf, repeatStep, requireEqual, tokensOf, type StepCost } from "../peers/step-cost.ts";
import { stockPeer } from "../peers/stock.ts";

/** One batch's step: ours on the rows as they are, stock tfjs on the same rows padded. */
interface WasmComparison {
  name: string;
  rows: number;
  tokens: number;
  paddedTo: number;
  ours: StepCost;
  stock: StepCost;
}

interface WasmBench {
  /** E.g. "SIMD, 1 thread". */
  adapter: string;
  batches: WasmComparison[];
}

const REPEATS = { ours: 9, stock: 3 };
/** Number of rows of SST-2: sixteen, padded, do not fit into stock tfjs-wasm's memory. */
const STOCK_ROWS = 4;
const COMPARED_STEPS = 2;
const TOLERANCE = 1e-4;
const DROPOUT = 0.1;

/**
 * Ours against stock tfjs on the wasm backend in Node, from the same weights.
 *
 * @param log takes a line of progress
 * @param sst2 rows of SST-2; without them, random ids of the lengths of 16 real rows
 * @param threads of ours; stock tfjs has one
 * @throws Error when the two do not have the same losses without dropout
 */
export async function benchWasm(log: (line: string) => void, sst2: Rows | null, threads: number): Promise<WasmBench> {
  const { adapter } = await startNodeBackend("wasm", { threads });
  const batches = [
    { name: "8 × 32", rows: randomRows(new Array<number>(8).fill(32), miniLm, 2), paddedTo: 32 },
    {
      name: sst2 ? "SST-2" : "lengths of SST-2",
      rows: firstRows(sst2 ?? randomRows(SST2_LENGTHS, miniLm, 3), STOCK_ROWS),
      paddedTo: PADDED_LENGTH,
    },
  ];
  const results: WasmComparison[] = [];
  for (const { name, rows, paddedTo } of batches) {
    const measure = async (peerName: keyof typeof REPEATS) => {
      const losses = await withPeer(peerName, rows, paddedTo, true, (peer) => lossesOf(peer, rows, COMPARED_STEPS));
      const cost = await withPeer(peerName, rows, paddedTo, false, async (peer) => {
        await lossesOf(peer, rows, 1);
        return repeatStep(peer, rows, REPEATS[peerName]);
      });
      log(`${name}, ${peerName}: ${JSON.stringify(cost)}`);
      return { losses, cost };
    };
    const ours = await measure("ours");
    const stock = await measure("stock");
    requireEqual("stock tfjs", stock.losses, ours.losses, TOLERANCE);
    const sizes = { rows: rows.ids.length, tokens: tokensOf(rows), paddedTo };
    results.push({ name, ...sizes, ours: ours.cost, stock: stock.cost });
  }
  return { adapter, batches: results };
}

/** Lends a peer; without dropout, weight decay and clipping where it is `plain`. */
async function withPeer<Result>(
  name: keyof typeof REPEATS,
  rows: Rows,
  paddedTo: number,
  plain: boolean,
  use: (peer: Peer) => Promise<Result>,
): Promise<Result> {
  const room = { rows: rows.ids.length, tokens: tokensOf(rows) };
  const weights = randomWeights(miniLm, 1);
  const settings = { shape: miniLm, weights, ...room, dropout: plain ? 0 : DROPOUT, plainAdam: plain };
  const peer = name === "ours" ? await ourPeer(settings) : stockPeer(settings, paddedTo);
  const result = await use(peer);
  peer.dispose();
  return result;
}

/** The section's part of RESULTS.md. */
export function wasmPage({ adapter, batches }: WasmBench): string {
  const ms = ({ minMs, medianMs }: StepCost) => `${number(minMs)} (${number(medianMs)})`;
  return [
    "## One training step on wasm",
    `MiniLM's shape in Node (${adapter}): forward, backward and update with dropout 0.1; milliseconds of the fastest step and (of the median one), of ${REPEATS.ours} of ours and ${REPEATS.stock} of stock tfjs after a first one. Ours clips and decays weights, stock tfjs has Adam alone, and rows padded with a mask; the gradient of its look-up of embeddings, for which tfjs-wasm lacks UnsortedSegmentSum, is made of ScatterNd. Without dropout the two have the same losses from the same weights.`,
    table(
      ["", "rows", "tokens", "padded to", "Tabtune", "stock tfjs-wasm", "ratio"],
      batches.map(({ name, rows, tokens, paddedTo, ours, stock }) => [
        name,
        ...[rows, tokens, paddedTo].map((size) => number(size)),
        ...[ours, stock].map(ms),
        number(stock.minMs / ours.minMs, 1),
      ]),
    ),
    goalsTable(
      batches.map(({ name, ours, stock }) =>
        least(`${name}: times as fast as stock tfjs-wasm`, 3, stock.minMs / ours.minMs),
      ),
    ),
  ].join("\n\n");
}
