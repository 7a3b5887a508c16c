import { startNodeBackend } from "../../src/cli/node-backend.ts";
import { openCountedDevice } from "../meters/counted-device.ts";
import { openCountedHeap } from "../meters/counted-heap.ts";
import { countDevice, type DeviceCounter } from "../meters/counting-device.ts";
import { jaxPeer, openJax } from "../peers/jax.ts";
import { number, table } from "../runner/tables.ts";
import { bertBase, miniLm, randomRows, randomWeights, type ModelShape } from "../inputs/model-shape.ts";
import { ourPeer } from "../peers/ours.ts";
import type { Peer, PeerSettings } from "../peers/peer.ts";
import { lossesOf, repeatStep, requireEqual, tokensOf, type StepCost } from "../peers/step-cost.ts";
import { stockPeer } from "../peers/stock.ts";

/** A peer's step; what is null was not counted on its backend. */
export interface LargerStep {
  peer: string;
  backend: "webgpu" | "wasm";
  /** Null where the peer failed. */
  cost: StepCost | null;
  /** Its error. */
  failure: string | null;
  dispatches: number | null;
  /** Most bytes that the device's buffers held. */
  peakBytes: number | null;
}

export interface LargerBench {
  /** Results on webgpu and on wasm. */
  adapters: string[];
  steps: LargerStep[];
}

/** A step that takes some peers minutes. */
interface LargerCase {
  name: string;
  shape: ModelShape;
  rows: number;
  length: number;
  /** Whether stock tfjs is measured, too. */
  stock: boolean;
  note: string;
}

export const longStep: LargerCase = {
  name: "MiniLM, 16 rows of 128 tokens",
  shape: miniLm,
  rows: 16,
  length: 128,
  stock: false,
  note: "Stock tfjs-webgpu has this step among the SST-2 rows above, scaled; stock tfjs-wasm's memory does not hold it.",
};
export const baseStep: LargerCase = {
  name: "BERT-base, 4 rows of 32 tokens",
  shape: bertBase,
  rows: 4,
  length: 32,
  stock: true,
  note: "110 M parameters.",
};

const OURS = "Tabtune, AdamW";
const JAX = "jax-js, AdamW";
const STOCK = "stock tfjs, Adam";
const REPEATS = { ours: 2, peers: 1 };
/** The same value as in the section of the short step. */
const TOLERANCE = { [OURS]: 1e-4, [STOCK]: 1e-4, [JAX]: 1e-3 };

/**
 * Ours on webgpu and wasm, jax-js on webgpu and maybe stock tfjs on both, without dropout and from the same weights:
 * each peer must have the loss of ours before the first update. Each has a device, or a wasm heap, of its own.
 *
 * @param log takes a line of progress; with stock tfjs it takes a quarter of an hour on a software adapter
 * @throws Error when jax-js or stock tfjs on webgpu has another first loss, or another adapter
 */
export async function benchLarger(
  log: (line: string) => void,
  { shape, rows: count, length, stock }: LargerCase,
): Promise<LargerBench> {
  const rows = randomRows(new Array<number>(count).fill(length), shape, 3);
  const steps: LargerStep[] = [];
  let expected: number | null = null;

  const add = (step: LargerStep) => {
    steps.push(step);
    log(JSON.stringify(step));
  };
  const measure = async (
    name: keyof typeof TOLERANCE,
    backend: LargerStep["backend"],
    make: (settings: PeerSettings) => Peer | Promise<Peer>,
    counter: DeviceCounter | null = null,
  ) => {
    const settings = { shape, weights: randomWeights(shape, 1), rows: count, tokens: tokensOf(rows) };
    const peer = await make({ ...settings, dropout: 0, plainAdam: false });
    const [loss = NaN] = await lossesOf(peer, rows, 1);
    expected ??= loss;
    requireEqual(name, [loss], [expected], TOLERANCE[name]);
    counter?.reset();
    const cost = await repeatStep(peer, rows, name === OURS ? REPEATS.ours : REPEATS.peers);
    const counts = counter?.snapshot();
    peer.dispose();
    const dispatches = counts ? counts.dispatches / cost.repeats : null;
    add({ peer: name, backend, cost, failure: null, dispatches, peakBytes: counts?.peakBytes ?? null });
  };

  const gpu = await openCountedDevice();
  await measure(OURS, "webgpu", ourPeer, gpu.counter);
  const { adapter: wasm } = await startNodeBackend("wasm");
  await measure(OURS, "wasm", ourPeer);

  const jax = await openJax();
  if (jax.adapter !== gpu.adapter) throw new Error(`jax-js is on another adapter: ${jax.adapter}, not ${gpu.adapter}.`);
  await measure(JAX, "webgpu", jaxPeer, countDevice(jax.device));

  if (stock) {
    // Not earlier: ours must not find a stock kernel to fall back on.
    await import("@tensorflow/tfjs-backend-webgpu/dist/register_all_kernels.js");
    await measure(STOCK, "webgpu", stockPeer, (await openCountedDevice()).counter);
    await openCountedHeap();
    try {
      await measure(STOCK, "wasm", stockPeer);
    } catch (error) {
      const failure = error instanceof Error ? error.message : String(error);
      add({ peer: STOCK, backend: "wasm", cost: null, failure, dispatches: null, peakBytes: null });
    }
  }
  return { adapters: [gpu.adapter, wasm], steps };
}

/** The section's part of RESULTS.md. */
export function largerPage({ name, note }: LargerCase, { adapters, steps }: LargerBench): string {
  const ours = (backend: string) => steps.find((step) => step.peer === OURS && step.backend === backend)?.cost?.minMs;
  const optional = (value: number | null, digits = 0) => (value === null ? "–" : number(value, digits));
  return [
    `## ${name}`,
    `Forward, backward and update without dropout, after a first step whose loss is the same with every peer; the least of ${REPEATS.ours} steps of ours and ${REPEATS.peers} of the others. ${note} Adapters: ${adapters.join("; ")}.`,
    table(
      ["", "ms (min)", "times ours", "ms of JavaScript", "dispatches", "peak MB"],
      steps.map(({ peer, backend, cost, failure, dispatches, peakBytes }) => [
        `${peer}, ${backend}`,
        cost ? number(cost.minMs) : `failed: ${failure}`,
        cost ? number(cost.minMs / (ours(backend) ?? NaN), 1) : "–",
        optional(backend === "webgpu" ? (cost?.jsMs ?? null) : null),
        optional(dispatches),
        optional(peakBytes && peakBytes / 1e6, 1),
      ]),
    ),
  ].join("\n\n");
}
