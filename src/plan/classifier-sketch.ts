import { poolerNames, type ModelSizes } from "../model/layout.ts";
import type { Recipe } from "../recipe/recipe.ts";
import type { PooledBuffer } from "./buffer-pool.ts";
import type { EncoderSketch } from "./encoder-sketch.ts";
import { type EncoderSketchPass } from "./encoder-sketch.ts";
import type { BatchRoom, Sketch } from "./sketch.ts";

/** What a classifier's pass keeps. */
export interface ClassifierSketchPass {
  batch: PooledBuffer[];
  encoder: EncoderSketchPass | null;
  pooled: PooledBuffer;
  z: PooledBuffer | null;
  dropped: PooledBuffer;
  logits: PooledBuffer;
}

export interface ClassifierSketchOptions {
  pooling: Recipe["pooling"];
  classes: number;
  /** Of its weights among those of the plan. */
  names: { weight: string; bias: string };
  lowest: number;
  fromFeatures: boolean;
}

/** `BertClassifier` and the loss in outline. */
export class ClassifierSketch {
  private readonly wide: number;

  constructor(
    private readonly sketch: Sketch,
    private readonly encoder: EncoderSketch,
    private readonly sizes: ModelSizes,
    private readonly room: BatchRoom,
    private readonly options: ClassifierSketchOptions,
  ) {
    this.wide = room.rows * sizes.hiddenSize;
  }

  forward(): ClassifierSketchPass {
    const { sketch } = this;
    if (this.options.fromFeatures) {
      const pooled = sketch.pool.take(this.wide);
      return { batch: [], encoder: null, pooled, ...this.head(pooled) };
    }
    const batch = uploadedBatch(sketch, this.sizes, this.room, true);
    const rows = this.pooling();
    const encoder = this.encoder.forward(rows.add);
    const pooled = rows.pooled();
    return { batch, encoder, pooled, ...this.head(pooled) };
  }

  /** Uses the pass up, from its logits on. */
  backward(pass: ClassifierSketchPass): void {
    const { sketch, room, wide } = this;
    const { classes, pooling, lowest } = this.options;
    const { pool } = sketch;
    const wantsPooled = lowest <= this.sizes.layers;
    const labels = pool.take(room.rows);
    const loss = pool.take(1);
    const dLogits = sketch.compute(room.rows * classes, pass.logits, labels, loss);
    pool.give(pass.logits, loss, labels);
    this.dense(this.options.names, dLogits, pass.dropped);
    let dPooled: PooledBuffer | null = null;
    if (pooling === "pooler") {
      const through = sketch.compute(wide, dLogits);
      const dz = sketch.compute(wide, through);
      pool.give(through);
      this.dense(poolerNames, dz, pass.pooled);
      if (wantsPooled) dPooled = sketch.compute(wide, dz);
      pool.give(dz);
    } else if (wantsPooled) {
      const dDropped = sketch.compute(wide, dLogits);
      dPooled = sketch.compute(wide, dDropped);
      pool.give(dDropped);
    }
    pool.give(pass.dropped, pass.pooled, ...(pass.z ? [pass.z] : []));
    if (pass.encoder) {
      const spread = (layer: number) =>
        dPooled && this.isPooled(layer) ? sketch.compute(room.tokens * this.sizes.hiddenSize, dPooled) : null;
      this.encoder.backward(pass.encoder, spread, lowest, pass.batch);
    }
    if (dPooled) pool.give(dPooled);
    pool.give(dLogits, ...pass.batch);
    sketch.dropUntrained();
  }

  /** A few batches of an evaluation, whose logits wait to be read together. */
  infer(batches: number): void {
    const { sketch } = this;
    const waiting: PooledBuffer[] = [];
    for (let i = 0; i < batches; i++) {
      const batch = uploadedBatch(sketch, this.sizes, this.room, false);
      const rows = this.pooling();
      sketch.pool.give(this.encoder.infer(rows.add));
      const pooled = rows.pooled();
      const { logits, dropped, z } = this.head(pooled);
      sketch.pool.give(dropped, pooled, ...(z ? [z] : []), ...batch);
      waiting.push(logits);
      sketch.pool.submit();
    }
    sketch.pool.give(...waiting);
  }

  private head(pooled: PooledBuffer) {
    const { sketch, wide } = this;
    let [x, z]: [PooledBuffer, PooledBuffer | null] = [pooled, null];
    if (this.options.pooling === "pooler") {
      z = sketch.pool.take(wide);
      x = sketch.compute(wide, pooled, z);
    }
    const dropped = sketch.compute(wide, x);
    if (x !== pooled) sketch.pool.give(x);
    const logits = sketch.compute(this.room.rows * this.options.classes, dropped);
    return { logits, dropped, z };
  }

  private dense({ weight, bias }: { weight: string; bias: string }, ...inputs: PooledBuffer[]): void {
    if (!this.sketch.trains(weight) && !this.sketch.trains(bias)) return;
    this.sketch.gradients([weight, bias], ...inputs);
  }

  private pooling() {
    let sum: PooledBuffer | null = null;
    return {
      add: (layer: number, y: PooledBuffer) => {
        if (!this.isPooled(layer)) return;
        const part = this.sketch.compute(this.wide, y);
        if (!sum) sum = part;
        else {
          this.sketch.pool.run(sum, part);
          this.sketch.pool.give(part);
        }
      },
      pooled: (): PooledBuffer => {
        if (!sum) throw new Error("The plan's encoder has no layer.");
        return sum;
      },
    };
  }

  private isPooled(layer: number): boolean {
    const read = this.options.pooling === "mean-last-4" ? 4 : 1;
    return layer >= this.sizes.layers - read;
  }
}

/** What a batch takes on the device; tensors that no kernel reads are never uploaded. */
export function uploadedBatch(sketch: Sketch, sizes: ModelSizes, room: BatchRoom, trains: boolean): PooledBuffer[] {
  const { tokens, rows } = room;
  const { vocabularySize, maxPositions, typeVocabularySize } = sizes;
  const tables = trains ? [vocabularySize, maxPositions, typeVocabularySize] : [];
  const counts = [4 * tokens, 2 * tokens, rows + 1, ...tables.flatMap((entries) => [entries + 1, tokens])];
  return counts.map((count) => sketch.pool.take(count));
}
