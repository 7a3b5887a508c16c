import type { ModelSizes } from "../model/config.ts";
import { poolerRoles } from "../model/names.ts";
import type { Recipe } from "../recipe/recipe.ts";
import type { EncoderSketch, EncoderSketchPass } from "./encoder-sketch.ts";
import type { BatchRoom, Sketch } from "./sketch.ts";

/** What a classifier's pass keeps. */
interface Pass {
  encoder: EncoderSketchPass | null;
  pooled: number;
  z: number | null;
  dropped: number;
  logits: number;
}

export interface ClassifierSketchOptions {
  pooling: Recipe["pooling"];
  classes: number;
  /** Of its weights among those of the plan. */
  names: { weight: string; bias: string };
  lowest: number;
  fromFeatures: boolean;
}

/** `Classifier` and the loss in outline. */
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

  /** A micro-batch of a step: R-Drop has two passes at once. Adds its gradients to those of the ones before. */
  microBatch(passes = 1): void {
    const { sketch } = this;
    const batch = uploadedBatch(sketch, this.sizes, this.room, !this.options.fromFeatures);
    const made = Array.from({ length: passes }, () => this.forward());
    for (const pass of made) this.backward(pass);
    sketch.pool.give(...batch);
    sketch.addUp();
  }

  private forward(): Pass {
    if (this.options.fromFeatures) {
      const pooled = this.sketch.pool.take(this.wide);
      return { encoder: null, pooled, ...this.head(pooled) };
    }
    const rows = this.pooling();
    const encoder = this.encoder.forward(rows.add);
    const pooled = rows.pooled();
    return { encoder, pooled, ...this.head(pooled) };
  }

  /** Uses the pass up, from its logits on. */
  private backward(pass: Pass): void {
    const { sketch, room, wide } = this;
    const { classes, pooling, lowest } = this.options;
    const { pool } = sketch;
    const wantsPooled = lowest <= this.sizes.layers;
    const labels = pool.take(room.rows);
    const loss = pool.take(1);
    const dLogits = pool.take(room.rows * classes);
    pool.give(pass.logits, loss, labels);
    this.takeGradients(this.options.names);
    let dPooled: number | null = null;
    if (pooling === "pooler") {
      const through = pool.take(wide);
      const dz = pool.take(wide);
      pool.give(through);
      this.takeGradients(poolerRoles);
      if (wantsPooled) dPooled = pool.take(wide);
      pool.give(dz);
    } else if (wantsPooled) {
      const dDropped = pool.take(wide);
      dPooled = pool.take(wide);
      pool.give(dDropped);
    }
    pool.give(pass.dropped, pass.pooled, ...(pass.z === null ? [] : [pass.z]));
    if (pass.encoder) {
      const spread = (layer: number) =>
        dPooled !== null && this.isPooled(layer) ? pool.take(room.tokens * this.sizes.hiddenSize) : null;
      this.encoder.backward(pass.encoder, spread, lowest);
    }
    if (dPooled !== null) pool.give(dPooled);
    pool.give(dLogits);
    sketch.dropUntrained();
  }

  /** A few batches of an evaluation, whose logits wait to be read together. */
  infer(batches: number): void {
    const { sketch } = this;
    const { pool } = sketch;
    const waiting: number[] = [];
    for (let i = 0; i < batches; i++) {
      const batch = uploadedBatch(sketch, this.sizes, this.room, false);
      const rows = this.pooling();
      pool.give(this.encoder.infer(rows.add));
      const pooled = rows.pooled();
      const { logits, dropped, z } = this.head(pooled);
      pool.give(dropped, pooled, ...(z === null ? [] : [z]), ...batch);
      waiting.push(logits);
    }
    pool.give(...waiting);
  }

  private head(pooled: number) {
    const { wide } = this;
    const { pool } = this.sketch;
    const hasPooler = this.options.pooling === "pooler";
    const z = hasPooler ? pool.take(wide) : null;
    const x = hasPooler ? pool.take(wide) : pooled;
    const dropped = pool.take(wide);
    if (hasPooler) pool.give(x);
    const logits = pool.take(this.room.rows * this.options.classes);
    return { logits, dropped, z };
  }

  /** Of a weight and its bias, which come from one dispatch: both, if either trains. */
  private takeGradients({ weight, bias }: { weight: string; bias: string }): void {
    if (this.sketch.trains(weight) || this.sketch.trains(bias)) this.sketch.takeGradients(weight, bias);
  }

  /** The pooled rows, summed over the layers that are read. */
  private pooling() {
    const { pool } = this.sketch;
    let sum: number | null = null;
    return {
      add: (layer: number) => {
        if (!this.isPooled(layer)) return;
        const part = pool.take(this.wide);
        if (sum === null) sum = part;
        else pool.give(part);
      },
      pooled: (): number => {
        if (sum === null) throw new Error("The plan's encoder has no layer.");
        return sum;
      },
    };
  }

  private isPooled(layer: number): boolean {
    const read = this.options.pooling === "mean-last-4" ? 4 : 1;
    return layer >= this.sizes.layers - read;
  }
}

/** What a batch takes on the device; what it lists of the tables is for their gradients alone. */
export function uploadedBatch(sketch: Sketch, sizes: ModelSizes, room: BatchRoom, trains: boolean): number[] {
  const { tokens, rows } = room;
  const { vocabularySize, maxPositions, typeVocabularySize } = sizes;
  const tables = trains ? [vocabularySize, maxPositions, typeVocabularySize] : [];
  const counts = [4 * tokens, 2 * tokens, rows + 1, ...tables.flatMap((entries) => [entries + 1, tokens])];
  return counts.map((count) => sketch.pool.take(count));
}
