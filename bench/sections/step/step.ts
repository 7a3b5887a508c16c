import { countDevice } from "../../meters/counting-device.ts";
import { gpuStepCost, openCountedDevice, type CountedDevice, type GpuStepCost } from "../../meters/counted-device.ts";
import { jaxPeer, openJax } from "../../peers/jax.ts";
import { firstRows, miniLm, parameterShapes, randomRows, randomWeights, type Rows } from "../../inputs/model-shape.ts";
import { ourPeer } from "../../peers/ours.ts";
import type { Peer, PeerSettings } from "../../peers/peer.ts";
import { savedActivationBytes, trainedBytes } from "./saved-activations.ts";
import { PADDED_LENGTH, SST2_LENGTHS } from "../../inputs/sst2.ts";
import { lossesOf, repeatStep, requireEqual, tokensOf, type StepCost } from "../../peers/step-cost.ts";
import { stockPeer } from "../../peers/stock.ts";
import { goalsTable, least, most, number, table, type Goal } from "../../runner/tables.ts";

export interface StepBench {
  adapter: string;
  /** 8 rows of 32 tokens. */
  short: { ours: GpuStepCost; stock: GpuStepCost; jax: GpuStepCost };
  /** 16 rows of 128 tokens, and the bytes that cannot be done without: see `savedActivationBytes`. */
  long: Record<"kept" | "checkpointed", { cost: GpuStepCost; neededBytes: number }>;
  /** Rows of SST-2 as they are; of stock tfjs as few as it can be waited for, padded as the classic recipe has them. */
  sst2: {
    /** Whether the ids are real, or random in rows as long as real ones. */
    real: boolean;
    ours: { rows: number; tokens: number; cost: StepCost };
    stock: { paddedTo: number; one: StepCost; two: StepCost };
  };
}

const SHORT = { rows: 8, length: 32 };
const LONG = { rows: 16, length: 128 };
const REPEATS = { ours: 5, oursLong: 2, stock: 2, jax: 3 };
const COMPARED_STEPS = 2;
/** How near the losses must be to ours: what the project holds against PyTorch, and jax-js's erf, good to 1e-7 · sizes. */
const TOLERANCE = { stock: 1e-4, jax: 1e-3 };
const DROPOUT = 0.1;

/**
 * Ours, stock tfjs-webgpu and jax-js on the same adapter, from the same weights, each on a device of its own with a
 * counter put on before anything uses it.
 *
 * @param log takes a line of progress; the whole takes a quarter of an hour on a software adapter, most of it stock tfjs
 * @param sst2 rows of SST-2; without them, random ids of the lengths of 16 real rows
 * @throws Error when the three do not have the same losses without dropout
 */
export async function benchStep(log: (line: string) => void, sst2: Rows | null): Promise<StepBench> {
  const weights = randomWeights(miniLm, 1);
  const short = randomRows(new Array<number>(SHORT.rows).fill(SHORT.length), miniLm, 2);
  const long = randomRows(new Array<number>(LONG.rows).fill(LONG.length), miniLm, 3);
  const real = sst2 ?? randomRows(SST2_LENGTHS, miniLm, 3);

  type Make = (settings: PeerSettings) => Peer | Promise<Peer>;
  const settingsFor = (rows: Rows) => ({ shape: miniLm, weights, rows: rows.ids.length, tokens: tokensOf(rows) });
  const costOf = async (name: string, device: CountedDevice, make: Make, rows: Rows, repeats: number) => {
    const peer = await make({ ...settingsFor(rows), dropout: DROPOUT, plainAdam: false });
    const cost = await gpuStepCost(peer, device, rows, repeats);
    peer.dispose();
    log(`${name}: ${JSON.stringify(cost)}`);
    return cost;
  };
  const plainLosses = async (name: string, make: Make) => {
    const peer = await make({ ...settingsFor(short), dropout: 0, plainAdam: true });
    const losses = await lossesOf(peer, short, COMPARED_STEPS);
    peer.dispose();
    log(`${name}: losses without dropout ${losses.map((loss) => loss.toFixed(6)).join(", ")}`);
    return losses;
  };
  const ours = async (name: string, rows: Rows, repeats: number, checkpointing = false) =>
    costOf(name, await openCountedDevice(), (settings) => ourPeer(settings, checkpointing), rows, repeats);

  const { adapter } = await openCountedDevice();
  const expected = await plainLosses("ours", ourPeer);
  const oursShort = await ours("ours, 8 × 32", short, REPEATS.ours);
  const oursReal = await ours("ours, SST-2", real, REPEATS.ours);
  const kept = await ours("ours, 16 × 128", long, REPEATS.oursLong);
  const checkpointed = await ours("ours, 16 × 128, checkpointed", long, REPEATS.oursLong, true);

  const { adapter: jaxAdapter, device } = await openJax();
  if (jaxAdapter !== adapter) throw new Error(`jax-js is on another adapter: ${jaxAdapter} instead of ${adapter}.`);
  const jaxDevice = { adapter, counter: countDevice(device) };
  const jax = await costOf("jax-js, 8 × 32", jaxDevice, jaxPeer, short, REPEATS.jax);
  requireEqual("jax-js", await plainLosses("jax-js", jaxPeer), expected, TOLERANCE.jax);

  // Not earlier: ours must not find a stock kernel to fall back on.
  await import("@tensorflow/tfjs-backend-webgpu/dist/register_all_kernels.js");
  await openCountedDevice();
  requireEqual("stock tfjs", await plainLosses("stock tfjs", stockPeer), expected, TOLERANCE.stock);
  const stock = await costOf("stock tfjs, 8 × 32", await openCountedDevice(), stockPeer, short, REPEATS.stock);
  await openCountedDevice();
  const padding = stockPeer({ ...settingsFor(real), dropout: DROPOUT, plainAdam: false }, PADDED_LENGTH);
  await lossesOf(padding, firstRows(real, 1), 1);
  const one = await repeatStep(padding, firstRows(real, 1), REPEATS.stock);
  const two = await repeatStep(padding, firstRows(real, 2), REPEATS.stock);
  padding.dispose();
  log(`stock tfjs, one and two padded rows of SST-2: ${JSON.stringify({ one, two })}`);

  const parameters = [...parameterShapes(miniLm).values()].reduce((sum, shape) => sum + sizeOf(shape), 0);
  const neededBytes = (checkpointing: boolean) =>
    trainedBytes(parameters) + savedActivationBytes(miniLm, LONG.rows, LONG.rows * LONG.length, checkpointing);
  return {
    adapter,
    short: { ours: oursShort, stock, jax },
    long: {
      kept: { cost: kept, neededBytes: neededBytes(false) },
      checkpointed: { cost: checkpointed, neededBytes: neededBytes(true) },
    },
    sst2: {
      real: sst2 !== null,
      ours: { rows: real.ids.length, tokens: tokensOf(real), cost: oursReal },
      stock: { paddedTo: PADDED_LENGTH, one, two },
    },
  };
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/**
 * Milliseconds of a step of as many padded rows as ours was given: what one more row took stock tfjs, for each of those
 * that it was not given. Its update of the weights, which does not grow with the rows, is counted once by that.
 */
export function scaledStockMs({ ours, stock }: StepBench["sst2"]): number {
  const { one, two } = stock;
  return two.minMs + (ours.rows - 2) * (two.minMs - one.minMs);
}

export function stepGoals({ short, long, sst2 }: StepBench): Goal[] {
  const { ours, stock, jax } = short;
  const bytes = ({ cost, neededBytes }: StepBench["long"]["kept"]) => cost.peakBytes / neededBytes;
  return [
    least("8 × 32: times as fast as stock tfjs-webgpu", 14, stock.minMs / ours.minMs),
    least("8 × 32: times as fast as jax-js", 2.5, jax.minMs / ours.minMs),
    least(
      "SST-2: times the rows per second of stock tfjs-webgpu padded to 128",
      40,
      scaledStockMs(sst2) / sst2.ours.cost.minMs,
    ),
    most("dispatches of a step", 220, ours.dispatches),
    most("16 × 128: peak bytes over those needed", 1.15, bytes(long.kept)),
    most("16 × 128, checkpointed: peak bytes over those needed", 1.15, bytes(long.checkpointed)),
  ];
}

/** The section's part of RESULTS.md. */
export function stepPage(result: StepBench): string {
  const { adapter, short, long, sst2 } = result;
  const costRow = (name: string, { minMs, medianMs, jsMs, dispatches, peakBytes, repeats }: GpuStepCost) => [
    name,
    ...[minMs, medianMs, repeats, jsMs, dispatches].map((value) => number(value)),
    number(peakBytes / 1e6, 1),
  ];
  const ratioRow = (name: string, peer: GpuStepCost) => [
    name,
    number(peer.minMs / short.ours.minMs, 1),
    number(peer.medianMs / short.ours.medianMs, 1),
    "",
    number(peer.jsMs / short.ours.jsMs, 1),
    number(peer.dispatches / short.ours.dispatches, 1),
    number(peer.peakBytes / short.ours.peakBytes, 1),
  ];
  const neededRow = (name: string, { cost, neededBytes }: StepBench["long"]["kept"]) => [
    ...costRow(name, cost),
    number(neededBytes / 1e6, 1),
    number(cost.peakBytes / neededBytes, 2),
  ];
  const head = ["", "ms (min)", "ms (median)", "of steps", "ms of JavaScript", "dispatches", "peak MB"];
  const { rows } = sst2.ours;
  const speedRow = (name: string, count: number, ms: number, note = "") => [
    name,
    `${number(ms)}${note}`,
    number(count / (ms / 1000), 3),
  ];
  return [
    "## One training step",
    `MiniLM's shape (6 layers, hidden size 384, 30,522 tokens): forward, backward and update, after a first step. Adapter: ${adapter}. Without dropout the three have the same losses from the same weights.`,
    "8 rows of 32 tokens. Ours has dropout 0.1, clipping and weight decay; stock tfjs drops but neither clips nor decays; jax-js decays but neither drops nor clips.",
    table(head, [
      costRow("Tabtune, AdamW", short.ours),
      costRow("stock tfjs-webgpu, Adam", short.stock),
      costRow("jax-js, AdamW", short.jax),
      ratioRow("stock : ours", short.stock),
      ratioRow("jax-js : ours", short.jax),
    ]),
    "16 rows of 128 tokens. Needed are weights, gradients, both moments and what the forward pass saves for the backward pass, by their shapes alone.",
    table(
      [...head, "needed MB", "peak : needed"],
      [neededRow("Tabtune", long.kept), neededRow("Tabtune, checkpointed", long.checkpointed)],
    ),
    `${rows} rows ${sst2.real ? "of SST-2" : "of random tokens, as long as rows of SST-2"} (${number(sst2.ours.tokens)} tokens): ours as they are, stock tfjs padded to ${sst2.stock.paddedTo}. Stock tfjs was measured on one and two of the rows; what the second took is added for each of the others.`,
    table(
      ["", "ms (min)", "rows per second"],
      [
        speedRow(`Tabtune, ${rows} rows`, rows, sst2.ours.cost.minMs),
        speedRow("Tabtune, 16 rows of 128 tokens, as above", 16, long.kept.cost.minMs),
        speedRow("stock tfjs-webgpu, 1 row, padded", 1, sst2.stock.one.minMs),
        speedRow("stock tfjs-webgpu, 2 rows, padded", 2, sst2.stock.two.minMs),
        speedRow(`stock tfjs-webgpu, ${rows} rows, padded`, rows, scaledStockMs(sst2), " (scaled)"),
      ],
    ),
    goalsTable(stepGoals(result)),
  ].join("\n\n");
}
