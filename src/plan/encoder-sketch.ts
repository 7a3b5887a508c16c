import type { ModelSizes } from "../model/config.ts";
import { embeddingRoles, layerRoles, lowRankRole } from "../model/names.ts";
import type { Recipe } from "../recipe/recipe.ts";
import type { BatchRoom, Sketch } from "./sketch.ts";

type Target = Recipe["loraTargets"][number];
interface Pair {
  weight: string;
  bias: string;
}

/** What a layer keeps for its backward pass. */
interface Kept {
  x: number;
  /** All else that `EncoderLayerSaved` has; null where it is made again. */
  inner: number[] | null;
}

/** What an encoder's pass keeps. */
export interface EncoderSketchPass {
  embeddings: number[];
  layers: Kept[];
  last: number;
}

export interface EncoderSketchOptions {
  checkpointing: boolean;
  /** Of LoRA's matrices beside these of a layer's; 0 for none. */
  rank: number;
  targets: readonly Target[];
}

/** `Encoder` and its layers in outline. */
export class EncoderSketch {
  private readonly hidden: number;
  private readonly inner: number;

  constructor(
    private readonly sketch: Sketch,
    private readonly sizes: ModelSizes,
    private readonly room: BatchRoom,
    private readonly options: EncoderSketchOptions,
  ) {
    this.hidden = room.tokens * sizes.hiddenSize;
    this.inner = room.tokens * sizes.intermediateSize;
  }

  forward(onOutput: (layer: number) => void = () => undefined): EncoderSketchPass {
    const { sizes, sketch } = this;
    const start = this.embed();
    const layers: Kept[] = [];
    let last = start.y;
    for (let layer = 0; layer < sizes.layers; layer++) {
      const { y, inner } = this.layer();
      const drops = this.options.checkpointing && layer < sizes.layers - 1;
      if (drops) sketch.pool.give(...inner);
      layers.push({ x: last, inner: drops ? null : inner });
      last = y;
      onOutput(layer);
    }
    return { embeddings: start.saved, layers, last };
  }

  /** The output [T, H], with nothing kept. */
  infer(onOutput: (layer: number) => void = () => undefined): number {
    const { pool } = this.sketch;
    const { y, saved } = this.embed();
    pool.give(...saved);
    let x = y;
    for (let layer = 0; layer < this.sizes.layers; layer++) {
      const next = this.layer();
      pool.give(...next.inner, x);
      x = next.y;
      onOutput(layer);
    }
    return x;
  }

  /** Down to the level `lowest`; `gradientOf` gives the head's gradient of a layer's output. */
  backward(pass: EncoderSketchPass, gradientOf: (layer: number) => number | null, lowest: number): void {
    const { pool } = this.sketch;
    pool.give(pass.last);
    let dx = gradientOf(this.sizes.layers - 1);
    for (let layer = this.sizes.layers - 1; layer >= 0; layer--) {
      const kept = pass.layers[layer];
      if (!kept) throw new Error(`The plan has no layer ${layer}.`);
      if (dx === null) {
        pool.give(...(kept.inner ?? []), kept.x);
        continue;
      }
      const inner = kept.inner ?? this.again();
      dx = this.layerBackward(layer, dx, lowest <= layer);
      const more = dx === null ? null : gradientOf(layer - 1);
      if (more !== null) pool.give(more);
      pool.give(...inner, kept.x);
    }
    if (dx === null) pool.give(...pass.embeddings);
    else this.embeddingsBackward(dx, pass.embeddings);
  }

  private embed() {
    const { room, hidden } = this;
    const { pool } = this.sketch;
    const sum = pool.take(hidden);
    const saved = [pool.take(hidden), pool.take(room.tokens)];
    const y = pool.take(hidden);
    pool.give(sum);
    return { y, saved };
  }

  private embeddingsBackward(dy: number, saved: number[]): void {
    const { sketch } = this;
    const { pool } = sketch;
    const { word, position, type, norm } = embeddingRoles;
    this.takeGradients(norm);
    const tables = [word, position, type].filter((name) => sketch.trains(name));
    if (tables.length > 0) {
      const [unused, sum] = [pool.take(4), pool.take(this.hidden)];
      pool.give(unused);
      sketch.takeGradients(...tables);
      pool.give(sum);
    }
    pool.give(dy, ...saved);
  }

  private layer(): { y: number; inner: number[] } {
    const { room, hidden } = this;
    const { pool } = this.sketch;
    const thin: number[] = [];
    const qkv = pool.take(3 * hidden);
    for (const target of ["query", "key", "value"] as const) this.addLowRank(target, thin);
    const lse = pool.take(room.tokens * this.sizes.heads);
    const context = pool.take(hidden);
    const projected = pool.take(hidden);
    this.addLowRank("attentionOutput", thin);
    const middle = this.addAndNorm(projected);
    const [z, activated] = [pool.take(this.inner), pool.take(this.inner)];
    this.addLowRank("intermediate", thin);
    const down = pool.take(hidden);
    this.addLowRank("output", thin);
    const out = this.addAndNorm(down);
    return {
      y: out.y,
      inner: [qkv, lse, context, ...middle.saved, middle.y, z, activated, ...out.saved, ...thin],
    };
  }

  /** A layer's forward pass once more, for what it keeps. */
  private again(): number[] {
    const { y, inner } = this.layer();
    this.sketch.pool.give(y);
    return inner;
  }

  private addAndNorm(branch: number) {
    const { pool } = this.sketch;
    const saved = [pool.take(this.hidden), pool.take(this.room.tokens)];
    const y = pool.take(this.hidden);
    pool.give(branch);
    return { y, saved };
  }

  private layerBackward(layer: number, dy: number, wantsInput: boolean): number | null {
    const { hidden } = this;
    const { pool } = this.sketch;
    const names = layerRoles(layer);

    this.takeGradients(names.outputNorm);
    const [upper, dDown] = [pool.take(hidden), pool.take(hidden)];
    pool.give(dy);
    this.takeGradients(names.output);
    const dz = pool.take(this.inner);
    this.lowRankBackward(layer, "output");
    pool.give(dDown);
    this.takeGradients(names.intermediate);
    const dMiddle = pool.take(hidden);
    this.lowRankBackward(layer, "intermediate");
    pool.give(dz, upper);

    this.takeGradients(names.attentionNorm);
    const [lower, dProjected] = [pool.take(hidden), pool.take(hidden)];
    pool.give(dMiddle);
    this.takeGradients(names.attentionOutput);
    const dContext = pool.take(hidden);
    this.lowRankBackward(layer, "attentionOutput");
    pool.give(dProjected);
    const [delta, dQkv] = [pool.take(this.room.tokens * this.sizes.heads), pool.take(3 * hidden)];
    pool.give(delta, dContext);
    this.takeGradients(names.qkv);
    const dx = wantsInput ? pool.take(hidden) : null;
    for (const target of ["query", "key", "value"] as const) this.lowRankBackward(layer, target);
    pool.give(dQkv, lower);
    return dx;
  }

  /** Of a weight and its bias, which come from one dispatch: both, if either trains. */
  private takeGradients({ weight, bias }: Pair): void {
    if (this.sketch.trains(weight) || this.sketch.trains(bias)) this.sketch.takeGradients(weight, bias);
  }

  private addLowRank(target: Target, thin: number[]): void {
    if (this.has(target)) thin.push(this.sketch.pool.take(this.room.tokens * this.options.rank));
  }

  private lowRankBackward(layer: number, target: Target): void {
    if (!this.has(target)) return;
    const { sketch } = this;
    const name = lowRankRole(layer, target);
    sketch.takeGradients(`${name}.B`);
    const du = sketch.pool.take(this.room.tokens * this.options.rank);
    sketch.takeGradients(`${name}.A`);
    sketch.pool.give(du);
  }

  private has(target: Target): boolean {
    return this.options.rank > 0 && this.options.targets.includes(target);
  }
}
