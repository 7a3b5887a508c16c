import { familyOfType } from "../../../src/families/registry.ts";
import { familyConfig, familyTypes, parameterCount, type CommonSizes } from "../../inputs/family-configs.ts";
import { miniLm, randomRows } from "../../inputs/model-shape.ts";
import { gpuStepCost, openCountedDevice } from "../../meters/counted-device.ts";
import { openCountedHeap } from "../../meters/counted-heap.ts";
import { randomPeer } from "../../peers/ours.ts";
import { lossesOf, repeatStep } from "../../peers/step-cost.ts";
import { number, table } from "../../runner/tables.ts";

/** A step of one family on one backend. */
interface BackendStep {
  /** The least of all steps after a first one. */
  ms: number;
  /** Most bytes of the GPU's buffers or of the heap, weights included. */
  peakBytes: number;
  /** Null on wasm. */
  dispatches: number | null;
}

interface FamilyStep {
  /** `model_type`. */
  type: string;
  parameters: number;
  wasm: BackendStep;
  webgpu: BackendStep;
}

interface FamiliesBench {
  adapters: { wasm: string; webgpu: string };
  /** BERT first: the others are compared with it. */
  families: FamilyStep[];
}

const SIZES: CommonSizes = { layers: 6, hidden: 384, heads: 12, intermediate: 1536, vocabulary: 8000, positions: 512 };
const [ROWS, LENGTH, CLASSES] = [8, 32, 2];
/** Rounds over all families: what slows the machine for a while then slows no family alone. */
const ROUNDS = { wasm: 3, webgpu: 1 };
const REPEATS = { wasm: 4, webgpu: 2 };
const ROOM = { rows: ROWS, tokens: ROWS * LENGTH };

type Backend = keyof FamiliesBench["adapters"];

/**
 * A training step of every family at equal sizes, from random weights, each on a device or a heap of its own.
 *
 * @param log takes a line of progress; the whole takes some minutes on a software adapter
 */
export async function benchFamilies(log: (line: string) => void): Promise<FamiliesBench> {
  const adapters: FamiliesBench["adapters"] = { wasm: "", webgpu: "" };
  const steps: Record<Backend, Map<string, BackendStep>> = { wasm: new Map(), webgpu: new Map() };
  for (const backend of ["wasm", "webgpu"] as const) {
    for (let round = 0; round < ROUNDS[backend]; round++) {
      for (const type of familyTypes) {
        const { adapter, ...step } = backend === "wasm" ? await wasmStep(type) : await gpuStep(type);
        adapters[backend] = adapter;
        const before = steps[backend].get(type)?.ms ?? Infinity;
        steps[backend].set(type, { ...step, ms: Math.min(step.ms, before) });
        log(`${backend}, ${type}: ${JSON.stringify(step)}`);
      }
    }
  }
  const stepOf = (backend: Backend, type: string): BackendStep => {
    const step = steps[backend].get(type);
    if (!step) throw new Error(`${type} was not measured on ${backend}.`);
    return step;
  };
  const families = familyTypes.map((type) => ({
    type,
    parameters: parameterCount(familyConfig(type, SIZES), CLASSES),
    wasm: stepOf("wasm", type),
    webgpu: stepOf("webgpu", type),
  }));
  return { adapters, families };
}

async function wasmStep(type: string): Promise<BackendStep & { adapter: string }> {
  const { adapter, counter } = await openCountedHeap();
  const peer = await randomPeer(familyConfig(type, SIZES), CLASSES, ROOM);
  await lossesOf(peer, rows(), 1);
  const { minMs: ms } = await repeatStep(peer, rows(), REPEATS.wasm);
  peer.dispose();
  return { adapter, ms, peakBytes: counter.peakBytes, dispatches: null };
}

async function gpuStep(type: string): Promise<BackendStep & { adapter: string }> {
  const device = await openCountedDevice();
  const peer = await randomPeer(familyConfig(type, SIZES), CLASSES, ROOM);
  const { minMs: ms, peakBytes, dispatches } = await gpuStepCost(peer, device, rows(), REPEATS.webgpu);
  peer.dispose();
  return { adapter: device.adapter, ms, peakBytes, dispatches };
}

function rows() {
  return randomRows(new Array<number>(ROWS).fill(LENGTH), { ...miniLm, vocabulary: SIZES.vocabulary }, 2);
}

/** The section's part of RESULTS.md. */
export function familiesPage({ adapters, families }: FamiliesBench): string {
  const [bert] = families;
  const { layers, hidden, heads, intermediate, vocabulary } = SIZES;
  const cells = ({ ms, peakBytes, dispatches }: BackendStep, beside: BackendStep | undefined) => [
    number(ms),
    number(ms / (beside?.ms ?? NaN), 2),
    number(peakBytes / 1e6, 1),
    ...(dispatches === null ? [] : [number(dispatches)]),
  ];
  return [
    "## Families at equal sizes",
    `A training step of ${layers} layers of ${hidden}, ${heads} heads, ${number(intermediate)} inner numbers, ${number(vocabulary)} entries of vocabulary, ${ROWS} rows of ${LENGTH} tokens, from random weights: forward, backward and AdamW with clipping, dropout 0.1 wherever the family has a rate. The least of ${ROUNDS.wasm * REPEATS.wasm} steps in ${ROUNDS.wasm} rounds on wasm and of ${REPEATS.webgpu} on webgpu, each after a first one; memory is the farthest that the heap reached and the most that buffers held. Adapters: ${adapters.wasm}; ${adapters.webgpu}.`,
    "ELECTRA's and ALBERT's embeddings have 128 numbers; ALBERT has one set of weights for all layers. ModernBERT's gated feed-forward has a third matrix, a third more products in a layer; its windows are wider than these rows. DeBERTa multiplies queries and keys with positions too, and its first version projects them in each layer.",
    table(
      [
        "family",
        "parameters",
        ...["wasm: ms", ": BERT", "peak MB"],
        ...["webgpu: ms", ": BERT", "peak MB", "dispatches"],
      ],
      families.map(({ type, parameters, wasm, webgpu }) => [
        `${familyOfType(type).label} (\`${type}\`)`,
        `${number(parameters / 1e6, 1)} M`,
        ...cells(wasm, bert?.wasm),
        ...cells(webgpu, bert?.webgpu),
      ]),
    ),
  ].join("\n\n");
}
