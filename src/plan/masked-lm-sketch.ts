import { embeddingNames, type ModelSizes } from "../model/layout.ts";
import type { PooledBuffer } from "./buffer-pool.ts";
import { uploadedBatch } from "./classifier-sketch.ts";
import type { EncoderSketch, EncoderSketchPass } from "./encoder-sketch.ts";
import type { BatchRoom, Sketch } from "./sketch.ts";
import type { PlannedWeight } from "./weights.ts";

const names = {
  dense: { weight: "cls.dense.weight", bias: "cls.dense.bias" },
  norm: { weight: "cls.norm.weight", bias: "cls.norm.bias" },
  bias: "cls.bias",
};

/** The weights of a language model's head. */
export function headWeights({ hiddenSize, vocabularySize, layers }: ModelSizes, trains: boolean): PlannedWeight[] {
  const { dense, norm, bias } = names;
  const sizes: [string, number][] = [
    [dense.weight, hiddenSize ** 2],
    [dense.bias, hiddenSize],
    [norm.weight, hiddenSize],
    [norm.bias, hiddenSize],
    [bias, vocabularySize],
  ];
  return sizes.map(([name, size]) => ({ name, size, level: layers + 1, trains }));
}

interface Pass {
  batch: PooledBuffer[];
  encoder: EncoderSketchPass;
  gathered: PooledBuffer;
  z: PooledBuffer;
  normed: PooledBuffer;
  saved: PooledBuffer[];
  logits: PooledBuffer;
}

/** `MaskedLm` and its loss in outline. */
export class MaskedLmSketch {
  private readonly wide: number;

  constructor(
    private readonly sketch: Sketch,
    private readonly encoder: EncoderSketch,
    private readonly sizes: ModelSizes,
    private readonly room: BatchRoom,
  ) {
    this.wide = room.places * sizes.hiddenSize;
  }

  forward(): Pass {
    const batch = [...uploadedBatch(this.sketch, this.sizes, this.room, true), ...this.uploadedPlaces()];
    const encoder = this.encoder.forward();
    return { batch, encoder, ...this.head(encoder.last) };
  }

  /** Uses the pass up, down to the level `lowest`. */
  backward(pass: Pass, lowest = 0): void {
    const { sketch, room, sizes, wide } = this;
    const { pool } = sketch;
    const labels = pool.take(room.places);
    const [loss, rowLoss] = [pool.take(1), pool.take(room.places)];
    const dLogits = sketch.compute(room.places * sizes.vocabularySize, pass.logits, labels, rowLoss);
    pool.run(loss, rowLoss);
    pool.give(rowLoss, loss, labels, pass.logits);
    sketch.gradients([embeddingNames.word, names.bias], dLogits, pass.normed);
    const dNormed = sketch.compute(wide, dLogits);
    for (const name of Object.values(names.norm)) sketch.besideGradient(name);
    const unused = pool.take(4);
    const dy = sketch.compute(wide, dNormed, unused, ...pass.saved);
    pool.give(unused, dNormed);
    const dz = sketch.compute(wide, dy, pass.z);
    pool.give(dy);
    sketch.gradients(Object.values(names.dense), dz, pass.gathered);
    const dGathered = sketch.compute(wide, dz);
    pool.give(dz, pass.gathered, pass.z, pass.normed, ...pass.saved);
    const dLast = lowest <= sizes.layers ? sketch.compute(room.tokens * sizes.hiddenSize, dGathered) : null;
    pool.give(dGathered);
    const gradientOf = (layer: number) => (layer === sizes.layers - 1 ? dLast : null);
    this.encoder.backward(pass.encoder, gradientOf, lowest, pass.batch);
    sketch.addUp();
    pool.give(dLogits, ...pass.batch);
  }

  infer(): void {
    const { sketch } = this;
    const batch = [...uploadedBatch(sketch, this.sizes, this.room, false), ...this.uploadedPlaces()];
    const x = this.encoder.infer();
    const { gathered, z, normed, saved, logits } = this.head(x);
    sketch.pool.give(gathered, z, normed, ...saved, x, ...batch);
    const [dLogits, rowLoss] = [sketch.pool.take(logits.bytes / 4), sketch.pool.take(this.room.places)];
    sketch.pool.run(logits, dLogits, rowLoss);
    sketch.pool.give(logits, dLogits, rowLoss);
    sketch.pool.submit();
  }

  private head(x: PooledBuffer) {
    const { sketch, wide } = this;
    const { pool } = sketch;
    const gathered = sketch.compute(wide, x);
    const z = pool.take(wide);
    const y = sketch.compute(wide, gathered, z);
    const saved = [pool.take(wide), pool.take(this.room.places)];
    const normed = sketch.compute(wide, y, ...saved);
    pool.give(y);
    const logits = sketch.compute(this.room.places * this.sizes.vocabularySize, normed);
    return { gathered, z, normed, saved, logits };
  }

  private uploadedPlaces(): PooledBuffer[] {
    return [this.sketch.pool.take(this.room.places), this.sketch.pool.take(this.room.tokens)];
  }
}
