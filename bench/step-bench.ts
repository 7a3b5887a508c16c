import { countDevice } from "./counting-device.ts";
import { gpuStepCost, openCountedDevice, type CountedDevice, type GpuStepCost } from "./counted-device.ts";
import { jaxPeer, openJax } from "./jax-peer.ts";
import { firstRows, miniLm, parameterShapes, randomRows, randomWeights, type Rows } from "./minilm-shape.ts";
import { ourPeer } from "./our-peer.ts";
import type { Peer, PeerSettings } from "./peer.ts";
import { savedActivationBytes, trainedBytes } from "./saved-activations.ts";
import { PADDED_LENGTH, SST2_LENGTHS } from "./sst2.ts";
import { lossesOf, repeatStep, requireEqual, tokensOf, type StepCost } from "./step-cost.ts";
import { stockPeer } from "./stock-peer.ts";

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

  // Only now, since ours must not find a stock kernel to fall back on.
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
