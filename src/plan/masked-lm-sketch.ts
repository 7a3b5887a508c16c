import type { ModelSizes } from "../model/config.ts";
import { bothOf, embeddingRoles, maskedLmRoles } from "../model/names.ts";
import { uploadedBatch } from "./classifier-sketch.ts";
import type { EncoderSketch, EncoderSketchPass } from "./encoder-sketch.ts";
import type { BatchRoom, Sketch } from "./sketch.ts";
import type { PlannedWeight } from "./weights.ts";

const names = maskedLmRoles;

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
  batch: number[];
  encoder: EncoderSketchPass;
  gathered: number;
  z: number;
  normed: number;
  saved: number[];
  logits: number;
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
    return { batch, encoder, ...this.head() };
  }

  /** Uses the pass up, down to the level `lowest`. */
  backward(pass: Pass, lowest = 0): void {
    const { sketch, room, sizes, wide } = this;
    const { pool } = sketch;
    const labels = pool.take(room.places);
    const [loss, rowLoss] = [pool.take(1), pool.take(room.places)];
    const dLogits = pool.take(room.places * sizes.vocabularySize);
    pool.give(rowLoss, loss, labels, pass.logits);
    sketch.takeGradients(embeddingRoles.word, names.bias);
    const dNormed = pool.take(wide);
    sketch.takeGradients(...bothOf(names.norm));
    const [unused, dy] = [pool.take(4), pool.take(wide)];
    pool.give(unused, dNormed);
    const dz = pool.take(wide);
    pool.give(dy);
    sketch.takeGradients(...bothOf(names.dense));
    const dGathered = pool.take(wide);
    pool.give(dz, pass.gathered, pass.z, pass.normed, ...pass.saved);
    const dLast = lowest <= sizes.layers ? pool.take(room.tokens * sizes.hiddenSize) : null;
    pool.give(dGathered);
    const gradientOf = (layer: number) => (layer === sizes.layers - 1 ? dLast : null);
    this.encoder.backward(pass.encoder, gradientOf, lowest);
    sketch.addUp();
    pool.give(dLogits, ...pass.batch);
  }

  infer(): void {
    const { sketch } = this;
    const batch = [...uploadedBatch(sketch, this.sizes, this.room, false), ...this.uploadedPlaces()];
    const x = this.encoder.infer();
    const { gathered, z, normed, saved, logits } = this.head();
    sketch.pool.give(gathered, z, normed, ...saved, x, ...batch);
    const [dLogits, rowLoss] = [sketch.pool.take(logits), sketch.pool.take(this.room.places)];
    sketch.pool.give(logits, dLogits, rowLoss);
  }

  private head() {
    const { wide } = this;
    const { pool } = this.sketch;
    const gathered = pool.take(wide);
    const [z, y] = [pool.take(wide), pool.take(wide)];
    const saved = [pool.take(wide), pool.take(this.room.places)];
    const normed = pool.take(wide);
    pool.give(y);
    const logits = pool.take(this.room.places * this.sizes.vocabularySize);
    return { gathered, z, normed, saved, logits };
  }

  private uploadedPlaces(): number[] {
    return [this.sketch.pool.take(this.room.places), this.sketch.pool.take(this.room.tokens)];
  }
}
