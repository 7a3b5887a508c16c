import { startNodeBackend } from "../src/cli/node-backend.ts";
import { countDevice, type DeviceCounter } from "./counting-device.ts";
import { miniLm, randomRows, randomWeights, type Rows } from "./minilm-shape.ts";
import { number, table } from "./markdown.ts";
import { ourPeer } from "./our-peer.ts";
import type { Peer, PeerSettings } from "./peer.ts";
import { PADDED_LENGTH, SST2_LENGTHS } from "./sst2.ts";

/** One training step; the least of several, each measured alone and to its very end. */
export interface StepCost {
  /** Milliseconds from the call until the GPU has computed everything and the loss is read. */
  ms: number;
  dispatches: number;
  /** Most bytes that the device's buffers held, weights and pools included. */
  peakBytes: number;
  /** Milliseconds of these until the step was recorded and JavaScript was free again. */
  jsMs: number;
}

export interface StepBench {
  adapter: string;
  step: { ours: StepCost; stockTfjs: StepCost };
  /** Real tokens a second, on rows as they are and on the same rows padded. */
  unpadded: { tokensPerSecond: number; paddedTokensPerSecond: number };
}

type MakePeer = (settings: PeerSettings) => Peer | Promise<Peer>;

const MEASURED_STEPS = 3;
const COMPARED_STEPS = 3;
/** How near the losses of the two must be: what the project holds against PyTorch. */
const LOSS_TOLERANCE = 1e-4;
const DROPOUT = 0.1;

/**
 * Ours against stock tfjs on the same adapter, from the same weights, each on a device of its own with a counter put
 * on before anything uses it.
 *
 * @param log takes a line of progress; the whole takes minutes on a software adapter
 * @param sst2 rows for the comparison with padding; without them, random ids of the lengths of 16 real rows
 * @throws Error when the two do not have the same losses without dropout
 */
export async function benchStep(log: (line: string) => void, sst2: Rows | null): Promise<StepBench> {
  const weights = randomWeights(miniLm, 1);
  const rows = randomRows(new Array<number>(8).fill(32), miniLm, 2);
  const real = sst2 ?? randomRows(SST2_LENGTHS, miniLm, 3);
  const fixed = { shape: miniLm, weights };

  const ourLosses = await lossesOf(ourPeer, fixed, rows, log);
  const ours = await costOf(ourPeer, fixed, rows, log);
  const tokens = tokensOf(real);
  const asTheyAre = await costOf(ourPeer, fixed, real, log);
  const padded = await costOf(ourPeer, fixed, padTo(real, PADDED_LENGTH), log);

  // Only now, since ours must not find a stock kernel to fall back on.
  const { stockPeer } = await import("./stock-peer.ts");
  const stockLosses = await lossesOf(stockPeer, fixed, rows, log);
  requireEqual(ourLosses, stockLosses);
  const stockTfjs = await costOf(stockPeer, fixed, rows, log);

  return {
    adapter: ours.adapter,
    step: { ours: ours.cost, stockTfjs: stockTfjs.cost },
    unpadded: {
      tokensPerSecond: tokens / (asTheyAre.cost.ms / 1000),
      paddedTokensPerSecond: tokens / (padded.cost.ms / 1000),
    },
  };
}

type Fixed = Pick<PeerSettings, "shape" | "weights">;

/** Losses of the first steps without dropout. */
async function lossesOf(make: MakePeer, fixed: Fixed, rows: Rows, log: (line: string) => void): Promise<number[]> {
  await openCountedDevice();
  const peer = await make({ ...fixed, ...roomFor(rows), dropout: 0, plainAdam: true });
  const losses: number[] = [];
  for (let i = 0; i < COMPARED_STEPS; i++) losses.push(await peer.step(rows).loss());
  peer.dispose();
  log(`${nameOf(make)}: losses without dropout ${losses.map((loss) => loss.toFixed(6)).join(", ")}`);
  return losses;
}

async function costOf(make: MakePeer, fixed: Fixed, rows: Rows, log: (line: string) => void) {
  const { adapter, counter } = await openCountedDevice();
  const peer = await make({ ...fixed, ...roomFor(rows), dropout: DROPOUT, plainAdam: false });
  // The first step compiles the shaders and makes the optimizer's moments.
  await peer.step(rows).loss();
  const steps: StepCost[] = [];
  for (let i = 0; i < MEASURED_STEPS; i++) {
    counter.reset();
    const start = performance.now();
    const pending = peer.step(rows);
    const jsMs = performance.now() - start;
    await pending.loss();
    const ms = performance.now() - start;
    const { dispatches, peakBytes } = counter.snapshot();
    steps.push({ ms, dispatches, peakBytes, jsMs });
    log(`${nameOf(make)}: ${tokensOf(rows)} tokens, ${JSON.stringify(steps.at(-1))}`);
  }
  peer.dispose();
  const least = (key: keyof StepCost) => Math.min(...steps.map((step) => step[key]));
  const most = (key: keyof StepCost) => Math.max(...steps.map((step) => step[key]));
  const cost: StepCost = {
    ms: least("ms"),
    dispatches: most("dispatches"),
    peakBytes: most("peakBytes"),
    jsMs: least("jsMs"),
  };
  return { adapter, cost };
}

/** Both peers get their device from here: same adapter, same limits, same backend class. */
async function openCountedDevice(): Promise<{ adapter: string; counter: DeviceCounter }> {
  const counters: DeviceCounter[] = [];
  const { adapter } = await startNodeBackend("webgpu", (device) => {
    counters.push(countDevice(device));
    return device;
  });
  const [counter] = counters;
  if (!counter) throw new Error("The backend started without a device to count on.");
  return { adapter, counter };
}

function roomFor(rows: Rows) {
  return { rows: rows.ids.length, tokens: tokensOf(rows) };
}

function tokensOf(rows: Rows): number {
  return rows.ids.reduce((sum, row) => sum + row.length, 0);
}

/** Padding as a trainer without masks would see it: tokens like any other, which is the work that padding costs. */
function padTo(rows: Rows, length: number): Rows {
  const pad = (row: number[]) => [...row, ...new Array<number>(length - row.length).fill(0)];
  return { ...rows, ids: rows.ids.map(pad), types: rows.types.map(pad) };
}

function requireEqual(ours: readonly number[], stock: readonly number[]): void {
  const worst = Math.max(...ours.map((loss, i) => Math.abs(loss - (stock[i] ?? NaN))));
  if (worst <= LOSS_TOLERANCE) return;
  throw new Error(`The losses differ by ${worst}: ours ${ours.join(", ")}, stock tfjs ${stock.join(", ")}.`);
}

function nameOf(make: MakePeer): string {
  return make === ourPeer ? "ours" : "stock tfjs";
}

/** The section's part of RESULTS.md. */
export function stepPage({ adapter, step, unpadded }: StepBench): string {
  const { ours, stockTfjs } = step;
  const costs = ({ ms, dispatches, peakBytes, jsMs }: StepCost) => [ms, dispatches, peakBytes, jsMs];
  const ratios = costs(stockTfjs).map((stock, i) => stock / (costs(ours)[i] ?? NaN));
  const rowOf = (name: string, numbers: number[], digits: number) => [name, ...numbers.map((n) => number(n, digits))];
  return [
    "## One training step",
    `MiniLM's shape (6 layers, hidden size 384, 30,522 tokens), 8 rows of 32 tokens, forward, backward and update; the least of ${MEASURED_STEPS} steps after a first one. Adapter: ${adapter}. Without dropout the two have the same losses from the same weights.`,
    table(
      ["", "ms", "dispatches", "most bytes held", "ms of JavaScript"],
      [
        rowOf("Tabtune, AdamW", costs(ours), 0),
        rowOf("stock tfjs-webgpu, Adam", costs(stockTfjs), 0),
        rowOf("ratio", ratios, 1),
      ],
    ),
    "Rows as they are, and the same rows padded to 128 tokens (16 rows with the lengths of SST-2 sentences):",
    table(
      ["", "real tokens a second"],
      [rowOf("as they are", [unpadded.tokensPerSecond], 1), rowOf("padded", [unpadded.paddedTokensPerSecond], 1)],
    ),
  ].join("\n\n");
}
