import type { ModelSizes } from "../model/layout.ts";
import type { Recipe } from "../recipe/recipe.ts";
import { BufferPool } from "./buffer-pool.ts";
import { ClassifierSketch } from "./classifier-sketch.ts";
import { EncoderSketch } from "./encoder-sketch.ts";
import { headWeights, MaskedLmSketch } from "./masked-lm-sketch.ts";
import { momentSizes } from "./updated-together.ts";
import { Sketch, type BatchRoom } from "./sketch.ts";
import { plannedWeights, type PlannedWeight } from "./weights.ts";

/** The largest batches of a run. */
export interface RunRoom {
  training: BatchRoom;
  /** Most micro-batches of a step. */
  microBatches: number;
  /** Of continued pretraining, where the recipe has it. */
  pretraining: BatchRoom | null;
}

/** Bytes on the GPU at the peak of a run. */
export interface MemoryPrediction {
  weights: number;
  gradients: number;
  /** AdamW's two running means of each weight that trains. */
  moments: number;
  /** What forward and backward passes make and keep, the batch, and buffers that wait to be used again. */
  activations: number;
  /** Copies of the weights that a method keeps (EMA, L2-SP, consolidation), and small buffers. */
  other: number;
  total: number;
}

/** What the prediction asks of a recipe. */
export type MemorySettings = Pick<
  Recipe,
  "pooling" | "frozen" | "loraRank" | "loraTargets" | "rDrop" | "l2sp" | "ema" | "ewc" | "pretrainEpochs"
>;

/** Dispatches of a submission, at most: what a fast GPU comes to (`gpu/flush.ts`). */
const MOST_DISPATCHES = 64;
/** The buffer of uniforms has a slot for each dispatch of a submission. */
const UNIFORM_BYTES = MOST_DISPATCHES * 256;
/** Buffers for losses and clippings that wait to be read. */
const UNREAD_NUMBERS = 64 * (1 + 3);
/** Batches whose logits are read together. */
const EVALUATION_BATCHES = 4;
/** The third step finds every buffer that the second needed. */
const STEPS = 3;
/** Nor does a fourth micro-batch take more than the third. */
const MICRO_BATCHES = 3;

/**
 * The bytes that a run holds on webgpu at its peak: a pure function that goes through a run's buffers in outline, in
 * the order in which `train/` and `model/` make them and give them back. Snapshots of weights and files are in main
 * memory and not counted. On wasm and cpu tensors have a batch's size instead of the largest one's, and a run holds
 * less than this.
 *
 * @param perSubmission dispatches that go into one submission: fewer where a GPU is slow, which takes less memory
 */
export function predictMemory(
  sizes: ModelSizes,
  recipe: MemorySettings,
  classes: number,
  room: RunRoom,
  checkpointing: boolean,
  perSubmission = MOST_DISPATCHES,
): MemoryPrediction {
  const weights = plannedWeights(sizes, recipe, classes);
  const trained = weights.filter(({ trains }) => trains);
  const pool = new BufferPool(perSubmission);
  const sketch = new Sketch(pool, weights);
  for (const { size } of weights) pool.take(size);
  const takeMoments = () => momentSizes(trained.map(({ size }) => size)).map((size) => pool.take(size));
  const moments = takeMoments();
  const pretraining = recipe.pretrainEpochs > 0 ? room.pretraining : null;
  const head = pretraining ? headWeights(sizes) : [];
  let gradients = 0;
  if (pretraining) {
    pool.give(...moments);
    gradients = pretrain(pool, sizes, [...weights, ...head], { ...room, training: pretraining }, checkpointing);
    takeMoments();
  }
  const copies = copiesOf(trained, recipe, sizes.layers + 1);
  for (const size of copies) pool.take(size);
  train(sketch, sizes, recipe, classes, room, checkpointing, Math.min(...trained.map(({ level }) => level)));

  const sum = (numbers: readonly number[]) => 4 * numbers.reduce((a, b) => a + b, 0);
  const ofWeights = sum([...weights, ...head].map(({ size }) => size));
  const most = {
    gradients: Math.max(gradients, sketch.gradientBytes),
    moments: 2 * sum(trained.map(({ size }) => size)),
  };
  const other = sum(copies) + UNIFORM_BYTES + 4 * UNREAD_NUMBERS;
  const total = pool.bytes + UNIFORM_BYTES + 4 * UNREAD_NUMBERS;
  const activations = Math.max(0, total - ofWeights - most.gradients - most.moments - other);
  return { weights: ofWeights, ...most, activations, other, total };
}

function train(
  sketch: Sketch,
  sizes: ModelSizes,
  recipe: MemorySettings,
  classes: number,
  room: RunRoom,
  checkpointing: boolean,
  lowest: number,
): void {
  const { loraRank: rank, loraTargets: targets, pooling, rDrop } = recipe;
  const encoder = new EncoderSketch(sketch, sizes, room.training, { checkpointing, rank, targets });
  const fromFeatures = lowest > sizes.layers;
  const options = { pooling, classes, lowest, fromFeatures };
  const model = new ClassifierSketch(sketch, encoder, sizes, room.training, options);
  model.infer(EVALUATION_BATCHES);
  for (let step = 0; step < STEPS; step++) {
    for (let batch = 0; batch < Math.min(MICRO_BATCHES, room.microBatches); batch++) {
      const passes = Array.from({ length: rDrop > 0 ? 2 : 1 }, () => model.forward());
      for (const pass of passes) {
        model.backward(pass);
        sketch.addUp();
      }
    }
    sketch.update();
  }
  model.infer(EVALUATION_BATCHES);
}

/** Continued pretraining; returns the most bytes of its gradients. */
function pretrain(
  pool: BufferPool,
  sizes: ModelSizes,
  weights: readonly PlannedWeight[],
  { training: room, microBatches }: Pick<RunRoom, "training" | "microBatches">,
  checkpointing: boolean,
): number {
  // Its head stands on the encoder, the classifier's does not train meanwhile.
  const isHead = ({ level, name }: PlannedWeight) => level > sizes.layers && !name.startsWith("cls.");
  const trained = weights.map((weight) => ({ ...weight, trains: !isHead(weight) }));
  const sketch = new Sketch(pool, trained);
  const head = headWeights(sizes).map(({ size }) => pool.take(size));
  const sizesTrained = trained.filter(({ trains }) => trains).map(({ size }) => size);
  const moments = momentSizes(sizesTrained).map((size) => pool.take(size));
  const encoder = new EncoderSketch(sketch, sizes, room, { checkpointing, rank: 0, targets: [] });
  const model = new MaskedLmSketch(sketch, encoder, sizes, room);
  model.infer();
  for (let step = 0; step < STEPS; step++) {
    for (let batch = 0; batch < Math.min(MICRO_BATCHES, microBatches); batch++) model.backward(model.forward());
    sketch.update();
  }
  pool.give(...moments, ...head);
  return sketch.gradientBytes;
}

/** Sizes of the copies of weights that the recipe's methods keep. */
function copiesOf(trained: readonly PlannedWeight[], { ema, l2sp, ewc }: MemorySettings, top: number): number[] {
  const all = trained.map(({ size }) => size);
  const below = trained.filter(({ level }) => level < top).map(({ size }) => size);
  return [...(ema > 0 ? all : []), ...(l2sp > 0 ? below : []), ...(ewc > 0 ? [...all, ...all] : [])];
}
