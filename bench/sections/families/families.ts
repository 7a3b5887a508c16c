import type { BackendChoice } from "../../../src/gpu/backend.ts";
import { familyOfType } from "../../../src/families/registry.ts";
import { familyConfig, familyTypes, parameterCount, type CommonSizes } from "../../inputs/family-configs.ts";
import { miniLm, randomRows } from "../../inputs/model-shape.ts";
import { openCountedDevice } from "../../meters/counted-device.ts";
import { openCountedHeap } from "../../meters/counted-heap.ts";
import { randomPeer } from "../../peers/ours.ts";
import { leastTime, lossesOf, type StepTime } from "../../peers/step-cost.ts";
import { number, table } from "../../runner/tables.ts";

/** A step of one family on one backend. */
interface BackendStep extends StepTime {
  /** Most bytes of the GPU's buffers or of the heap, weights included. */
  peakBytes: number;
}

const backends = ["wasm", "webgpu"] as const;
type Backend = (typeof backends)[number];

interface FamilyStep {
  /** `model_type`. */
  type: string;
  parameters: number;
  /** On the backends that were measured. */
  steps: Partial<Record<Backend, BackendStep>>;
}

interface FamiliesBench {
  adapters: Partial<Record<Backend, string>>;
  /** BERT first: the others are compared with it. */
  families: FamilyStep[];
}

const SIZES: CommonSizes = { layers: 6, hidden: 384, heads: 12, intermediate: 1536, vocabulary: 8000, positions: 512 };
const [ROWS, LENGTH, CLASSES] = [8, 32, 2];
const REPEATS = { wasm: 4, webgpu: 2 };
const ROOM = { rows: ROWS, tokens: ROWS * LENGTH };

/**
 * A training step of every family at equal sizes, from random weights, each on a device or a heap of its own.
 *
 * @param log takes a line of progress; the whole takes some minutes on a software adapter
 * @param choice "wasm" or "webgpu" measures there alone
 */
export async function benchFamilies(log: (line: string) => void, choice: BackendChoice): Promise<FamiliesBench> {
  const adapters: FamiliesBench["adapters"] = {};
  const families: FamilyStep[] = familyTypes.map((type) => {
    return { type, parameters: parameterCount(familyConfig(type, SIZES), CLASSES), steps: {} };
  });
  for (const backend of backends.filter((one) => choice === "auto" || choice === one)) {
    for (const { type, steps } of families) {
      const { adapter, ...step } = await measured(type, backend);
      adapters[backend] = adapter;
      steps[backend] = step;
      log(`${backend}, ${type}: ${JSON.stringify(step)}`);
    }
  }
  return { adapters, families };
}

async function measured(type: string, backend: Backend): Promise<BackendStep & { adapter: string }> {
  const { adapter, peakBytes } = await (backend === "wasm" ? countedHeap() : countedGpu());
  const peer = await randomPeer(familyConfig(type, SIZES), CLASSES, ROOM);
  await lossesOf(peer, rows(), 1);
  const time = await leastTime(peer, rows(), REPEATS[backend]);
  peer.dispose();
  return { adapter, ...time, peakBytes: peakBytes() };
}

async function countedHeap() {
  const { adapter, counter } = await openCountedHeap();
  return { adapter, peakBytes: () => counter.peakBytes };
}

async function countedGpu() {
  const { adapter, counter } = await openCountedDevice();
  return { adapter, peakBytes: () => counter.snapshot().peakBytes };
}

function rows() {
  return randomRows(new Array<number>(ROWS).fill(LENGTH), { ...miniLm, vocabulary: SIZES.vocabulary }, 2);
}

/** The section's part of RESULTS.md. */
export function familiesPage({ adapters, families }: FamiliesBench): string {
  const { layers, hidden, heads, intermediate, vocabulary } = SIZES;
  const [bert] = families;
  const shown = backends.filter((backend) => adapters[backend] !== undefined);
  const cells = (step: BackendStep | undefined, beside: BackendStep | undefined) => {
    const { ms, processorMs, peakBytes } = step ?? { ms: NaN, processorMs: NaN, peakBytes: NaN };
    return [
      number(ms),
      number(processorMs),
      number(processorMs / (beside?.processorMs ?? NaN), 2),
      number(peakBytes / 1e6, 1),
    ];
  };
  const counts = shown.map((one) => `${REPEATS[one]} steps on ${one} (${adapters[one]})`).join(" and ");
  return [
    "## Families at equal sizes",
    `A training step of ${layers} layers of ${hidden}, ${heads} heads, ${number(intermediate)} inner numbers, ${number(vocabulary)} entries of vocabulary, ${ROWS} rows of ${LENGTH} tokens, from random weights: forward, backward and AdamW with clipping, dropout 0.1 wherever the family has a rate. The least of ${counts}, each after a first one, by the clock and of processor time, which other work on the machine hardly changes: by that the families are compared with BERT. (Where there is a GPU, go by the clock.) Memory is the farthest that the heap reached and the most that buffers held.`,
    "ELECTRA's and ALBERT's embeddings have 128 numbers; ALBERT has one set of weights for all layers. ModernBERT's gated feed-forward has a third matrix, a third more products in a layer than BERT's; its windows are wider than these rows. DeBERTa multiplies queries and keys with positions too, and its first version projects them in each layer.",
    table(
      ["family", "parameters", ...shown.flatMap((one) => [`${one}: ms`, "of processor time", ": BERT", "peak MB"])],
      families.map(({ type, parameters, steps }) => [
        `${familyOfType(type).label} (\`${type}\`)`,
        `${number(parameters / 1e6, 1)} M`,
        ...shown.flatMap((backend) => cells(steps[backend], bert?.steps[backend])),
      ]),
    ),
  ].join("\n\n");
}
