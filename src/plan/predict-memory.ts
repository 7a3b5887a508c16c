import type { ModelSizes } from "../model/config.ts";
import { classifierRoles } from "../model/names.ts";
import type { Recipe } from "../recipe/recipe.ts";
import { BufferPool } from "./buffer-pool.ts";
import { ClassifierSketch } from "./classifier-sketch.ts";
import { EVALUATION_BATCHES, earlierRowsSketch, earlierTextsSketch } from "./earlier-sketch.ts";
import type { EarlierRoom, EarlierSketch } from "./earlier-sketch.ts";
import { EncoderSketch } from "./encoder-sketch.ts";
import { headWeights, MaskedLmSketch } from "./masked-lm-sketch.ts";
import { momentSizes } from "./moment-sizes.ts";
import { Sketch, type BatchRoom } from "./sketch.ts";
import { plannedWeights, type PlannedWeight } from "./weights.ts";

/** The largest micro-batch of a step, and how many it has at most. */
export interface StepRoom extends BatchRoom {
  microBatches: number;
}

/** The largest batches of a run. */
export interface RunRoom {
  training: StepRoom;
  /** Of continued pretraining, where the recipe has it. */
  pretraining: StepRoom | null;
  /** Whether main memory holds what the head reads of all rows, where the head alone trains (`train/features.ts`). */
  keepsFeatures: boolean;
  /** Of an earlier task, where the run has one. */
  earlier: EarlierRoom | null;
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
  "pooling" | "frozen" | "loraRank" | "loraTargets" | "rDrop" | "l2sp" | "ema" | "ewc" | "rehearsal" | "pretrainEpochs"
>;

/** The buffer of uniforms has a slot for each dispatch that a submission may have (`gpu/uniforms.ts`). */
const UNIFORM_BYTES = 64 * 256;
/** Buffers for losses and clippings that wait to be read. */
const UNREAD_NUMBERS = 64 * (1 + 3);
/** Rows that weigh the weights: a third one finds every buffer that the second needed, beside what was weighed. */
const SAMPLES = 2;
/** Nor does a third micro-batch take more than the second, beside the gradients of those before. */
const MICRO_BATCHES = 2;

/**
 * The bytes that a run holds on webgpu at its peak: a pure function that goes through a run's buffers in outline, in
 * the order in which `train/` and `model/` make them and give them back. Snapshots of weights and files are in main
 * memory and not counted. On wasm and cpu tensors have a batch's size instead of the largest one's, and a run holds
 * less than this.
 */
export function predictMemory(
  sizes: ModelSizes,
  recipe: MemorySettings,
  classes: number,
  room: RunRoom,
  checkpointing: boolean,
): MemoryPrediction {
  const { earlier } = room;
  const weights = plannedWeights(sizes, recipe, classes, earlier?.kind === "rows" ? earlier.classes : 0);
  const pretraining = recipe.pretrainEpochs > 0 ? room.pretraining : null;
  const head = pretraining || earlier?.kind === "texts" ? headWeights(sizes, false) : [];
  const trained = weights.filter(({ trains }) => trains);
  const pool = new BufferPool();
  const sketch = new Sketch(pool, [...weights, ...head]);
  for (const { size } of [...weights, ...head]) pool.take(size);
  const takeMoments = () => momentSizes(trained.map(({ size }) => size)).map((size) => pool.take(size));
  const moments = takeMoments();
  let gradients = 0;
  if (pretraining) {
    pool.give(...moments);
    gradients = pretrain(pool, sizes, weights, pretraining, checkpointing);
    takeMoments();
  }
  const copies = copiesOf(trained, recipe, sizes.layers + 1);
  for (const size of copies) pool.take(size);
  const consolidated = train(sketch, sizes, recipe, classes, room, checkpointing, lowestOf(trained));

  const sum = (numbers: readonly number[]) => 4 * numbers.reduce((a, b) => a + b, 0);
  const ofWeights = sum([...weights, ...head].map(({ size }) => size));
  const most = {
    gradients: Math.max(gradients, sketch.gradientBytes),
    moments: 2 * sum(trained.map(({ size }) => size)),
  };
  const small = UNIFORM_BYTES + 4 * UNREAD_NUMBERS;
  const other = sum(copies) + 4 * consolidated + small;
  const total = pool.bytes + small;
  const activations = Math.max(0, total - ofWeights - most.gradients - most.moments - other);
  return { weights: ofWeights, ...most, activations, other, total };
}

/** A step and an evaluation, which all others are like; returns what consolidation keeps, in numbers. */
function train(
  sketch: Sketch,
  sizes: ModelSizes,
  recipe: MemorySettings,
  classes: number,
  { training: room, earlier, keepsFeatures }: RunRoom,
  checkpointing: boolean,
  lowest: number,
): number {
  const { loraRank: rank, loraTargets: targets, pooling, rDrop } = recipe;
  const passes = rDrop > 0 ? 2 : 1;
  const ofEncoder = { checkpointing, rank, targets };
  const encoder = new EncoderSketch(sketch, sizes, room, ofEncoder);
  const options = {
    pooling,
    classes,
    lowest,
    names: classifierRoles,
    fromFeatures: keepsFeatures && lowest > sizes.layers,
  };
  const model = new ClassifierSketch(sketch, encoder, sizes, room, options);
  const earlierModel = (): EarlierSketch | null => {
    if (earlier?.kind === "texts") return earlierTextsSketch(sketch, sizes, earlier, ofEncoder, lowest);
    if (!earlier) return null;
    const rehearsed = Math.min(MICRO_BATCHES, earlier.microBatches);
    const more = { pooling, lowest, passes, classes: earlier.classes, microBatches: rehearsed };
    return earlierRowsSketch(sketch, encoder, sizes, room, more);
  };
  const old = earlierModel();
  model.infer(EVALUATION_BATCHES);
  old?.score();
  if (recipe.ewc > 0) for (let sample = 0; sample < SAMPLES; sample++) old?.weigh();
  const consolidated = sketch.consolidate();
  for (let batch = 0; batch < Math.min(MICRO_BATCHES, room.microBatches); batch++) model.microBatch(passes);
  old?.rehearse();
  sketch.update();
  return consolidated;
}

/** The same of continued pretraining; returns the most bytes of its gradients. */
function pretrain(
  pool: BufferPool,
  sizes: ModelSizes,
  weights: readonly PlannedWeight[],
  room: StepRoom,
  checkpointing: boolean,
): number {
  // The language model's head stands on the encoder, the classifiers do not train meanwhile.
  const encoder = weights.map((weight) => ({ ...weight, trains: weight.level <= sizes.layers }));
  const all = [...encoder, ...headWeights(sizes, true)];
  const sketch = new Sketch(pool, all);
  const moments = momentSizes(all.filter(({ trains }) => trains).map(({ size }) => size)).map((size) =>
    pool.take(size),
  );
  const encoderSketch = new EncoderSketch(sketch, sizes, room, { checkpointing, rank: 0, targets: [] });
  const model = new MaskedLmSketch(sketch, encoderSketch, sizes, room);
  model.infer();
  for (let batch = 0; batch < Math.min(MICRO_BATCHES, room.microBatches); batch++) model.backward(model.forward());
  sketch.update();
  pool.give(...moments);
  return sketch.gradientBytes;
}

function lowestOf(trained: readonly PlannedWeight[]): number {
  return Math.min(...trained.map(({ level }) => level));
}

/** Sizes of the copies of weights that the recipe's methods keep. */
function copiesOf(trained: readonly PlannedWeight[], { ema, l2sp }: MemorySettings, top: number): number[] {
  const all = trained.map(({ size }) => size);
  const below = trained.filter(({ level }) => level < top).map(({ size }) => size);
  return [...(ema > 0 ? all : []), ...(l2sp > 0 ? below : [])];
}
