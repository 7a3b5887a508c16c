import { embeddingNames, layerNames, type ModelSizes } from "../model/layout.ts";
import type { Recipe } from "../recipe/recipe.ts";
import type { PooledBuffer } from "./buffer-pool.ts";
import type { BatchRoom, Sketch } from "./sketch.ts";

type Target = Recipe["loraTargets"][number];
interface Pair {
  weight: string;
  bias: string;
}

/** What a layer keeps for its backward pass. */
interface Kept {
  x: PooledBuffer;
  /** [T, H] each: context, middle and the normalized of two LayerNorms; qkv; z and activated; the small ones. */
  inner: PooledBuffer[] | null;
}

/** What an encoder's pass keeps. */
export interface EncoderSketchPass {
  embeddings: PooledBuffer[];
  layers: Kept[];
  last: PooledBuffer;
}

export interface EncoderSketchOptions {
  checkpointing: boolean;
  /** Of LoRA's matrices beside these of a layer's; 0 for none. */
  rank: number;
  targets: readonly Target[];
}

/** `BertEncoder` and its layers in outline. */
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

  forward(onOutput: (layer: number, y: PooledBuffer) => void = () => undefined): EncoderSketchPass {
    const { sketch, sizes } = this;
    const start = this.embed();
    const layers: Kept[] = [];
    let last = start.y;
    for (let layer = 0; layer < sizes.layers; layer++) {
      const { y, inner } = this.layer(last);
      const drops = this.options.checkpointing && layer < sizes.layers - 1;
      if (drops) {
        sketch.pool.give(...inner);
        sketch.pool.submit();
      }
      layers.push({ x: last, inner: drops ? null : inner });
      last = y;
      onOutput(layer, y);
    }
    return { embeddings: start.saved, layers, last };
  }

  /** The output [T, H], with nothing kept. */
  infer(onOutput: (layer: number, y: PooledBuffer) => void = () => undefined): PooledBuffer {
    const { y, saved } = this.embed();
    this.sketch.pool.give(...saved);
    let x = y;
    for (let layer = 0; layer < this.sizes.layers; layer++) {
      const next = this.layer(x);
      this.sketch.pool.give(...next.inner, x);
      if (this.options.checkpointing) this.sketch.pool.submit();
      x = next.y;
      onOutput(layer, x);
    }
    return x;
  }

  /** Down to the level `lowest`; `gradientOf` gives the head's gradient of a layer's output. */
  backward(
    pass: EncoderSketchPass,
    gradientOf: (layer: number) => PooledBuffer | null,
    lowest: number,
    groupings: PooledBuffer[],
  ): void {
    const { pool } = this.sketch;
    pool.give(pass.last);
    let dx = gradientOf(this.sizes.layers - 1);
    for (let layer = this.sizes.layers - 1; layer >= 0; layer--) {
      const kept = pass.layers[layer];
      if (!kept) throw new Error(`The plan has no layer ${layer}.`);
      if (!dx) {
        pool.give(...(kept.inner ?? []), kept.x);
        continue;
      }
      const inner = kept.inner ?? this.again(kept.x);
      dx = this.layerBackward(layer, dx, kept.x, inner, lowest <= layer);
      const more = dx && gradientOf(layer - 1);
      if (dx && more) {
        pool.run(dx, more);
        pool.give(more);
      }
      pool.give(...inner, kept.x);
      if (this.options.checkpointing) pool.submit();
    }
    if (dx) this.embeddingsBackward(dx, pass.embeddings, groupings);
    else pool.give(...pass.embeddings);
  }

  private embed() {
    const { sketch, room, hidden } = this;
    const sum = sketch.compute(hidden);
    const saved = [sketch.pool.take(hidden), sketch.pool.take(room.tokens)];
    const y = sketch.compute(hidden, sum, ...saved);
    sketch.pool.give(sum);
    return { y, saved };
  }

  private embeddingsBackward(dy: PooledBuffer, saved: PooledBuffer[], groupings: PooledBuffer[]): void {
    const { sketch } = this;
    const { word, position, type, norm } = embeddingNames;
    this.normParameters(norm);
    const tables = [word, position, type].filter((name) => sketch.trains(name));
    if (tables.length > 0) {
      const unused = sketch.pool.take(4);
      const sum = sketch.compute(this.hidden, dy, unused, ...saved);
      sketch.pool.give(unused);
      for (const name of tables) sketch.gradients([name], sum, ...groupings);
      sketch.pool.give(sum);
    }
    sketch.pool.give(dy, ...saved);
  }

  private layer(x: PooledBuffer): { y: PooledBuffer; inner: PooledBuffer[] } {
    const { sketch, room, hidden } = this;
    const { pool } = sketch;
    const thin: PooledBuffer[] = [];
    const qkv = sketch.compute(3 * hidden, x);
    for (const target of ["query", "key", "value"] as const) this.addLowRank(target, x, qkv, thin);
    const lse = pool.take(room.tokens * this.sizes.heads);
    const context = sketch.compute(hidden, qkv, lse);
    const projected = sketch.compute(hidden, context);
    this.addLowRank("attentionOutput", context, projected, thin);
    const middle = this.addAndNorm(x, projected);
    const z = pool.take(this.inner);
    const activated = pool.take(this.inner);
    pool.run(middle.y, z, activated);
    this.addLowRank("intermediate", middle.y, activated, thin);
    const down = sketch.compute(hidden, activated);
    this.addLowRank("output", activated, down, thin);
    const out = this.addAndNorm(middle.y, down);
    return {
      y: out.y,
      inner: [qkv, lse, context, ...middle.saved, middle.y, z, activated, ...out.saved, ...thin],
    };
  }

  /** A layer's forward pass once more, for what it keeps. */
  private again(x: PooledBuffer): PooledBuffer[] {
    const { y, inner } = this.layer(x);
    this.sketch.pool.give(y);
    return inner;
  }

  private addAndNorm(x: PooledBuffer, branch: PooledBuffer) {
    const { sketch, hidden, room } = this;
    const saved = [sketch.pool.take(hidden), sketch.pool.take(room.tokens)];
    const y = sketch.compute(hidden, x, branch, ...saved);
    sketch.pool.give(branch);
    return { y, saved };
  }

  private layerBackward(
    layer: number,
    dy: PooledBuffer,
    x: PooledBuffer,
    inner: readonly PooledBuffer[],
    wantsInput: boolean,
  ): PooledBuffer | null {
    const { sketch, hidden } = this;
    const { pool } = sketch;
    const names = layerNames(layer);
    const low = (target: Target, gradient: PooledBuffer, into: PooledBuffer | null) =>
      this.lowRankBackward(layer, target, gradient, into, inner);

    this.normParameters(names.outputNorm);
    const upper = pool.take(hidden);
    const dDown = sketch.compute(hidden, dy, upper, ...inner);
    pool.give(dy);
    this.dense(names.output, dDown, ...inner);
    const dz = sketch.compute(this.inner, dDown, ...inner);
    low("output", dDown, dz);
    pool.give(dDown);
    this.dense(names.intermediate, dz, ...inner);
    const dMiddle = sketch.compute(hidden, dz, upper);
    low("intermediate", dz, dMiddle);
    pool.give(dz, upper);

    this.normParameters(names.attentionNorm);
    const lower = pool.take(hidden);
    const dProjected = sketch.compute(hidden, dMiddle, lower);
    pool.give(dMiddle);
    this.dense(names.attentionOutput, dProjected);
    const dContext = sketch.compute(hidden, dProjected);
    low("attentionOutput", dProjected, dContext);
    pool.give(dProjected);
    const delta = pool.take(this.room.tokens * this.sizes.heads);
    const dQkv = sketch.compute(3 * hidden, dContext, delta);
    pool.run(dQkv, dContext, delta, ...inner);
    pool.give(delta, dContext);
    const [weight = ""] = names.qkv.weight;
    const [bias = ""] = names.qkv.bias;
    this.dense({ weight, bias }, dQkv, x);
    const dx = wantsInput ? sketch.compute(hidden, dQkv, lower) : null;
    for (const target of ["query", "key", "value"] as const) low(target, dQkv, dx);
    pool.give(dQkv, lower);
    return dx;
  }

  private dense({ weight, bias }: Pair, ...inputs: readonly PooledBuffer[]): void {
    if (!this.sketch.trains(weight) && !this.sketch.trains(bias)) return;
    this.sketch.gradients([weight, bias], ...inputs);
  }

  /** Of a LayerNorm they come from the dispatch of its input's gradient, made just before. */
  private normParameters({ weight, bias }: Pair): void {
    if (!this.sketch.trains(weight) && !this.sketch.trains(bias)) return;
    for (const name of [weight, bias]) this.sketch.besideGradient(name);
  }

  private addLowRank(target: Target, x: PooledBuffer, y: PooledBuffer, thin: PooledBuffer[]): void {
    if (!this.has(target)) return;
    const u = this.sketch.compute(this.room.tokens * this.options.rank, x);
    this.sketch.pool.run(y, u);
    thin.push(u);
  }

  private lowRankBackward(
    layer: number,
    target: Target,
    dy: PooledBuffer,
    dx: PooledBuffer | null,
    inner: readonly PooledBuffer[],
  ): void {
    if (!this.has(target)) return;
    const { sketch } = this;
    const name = lowRankName(layer, target);
    sketch.gradients([`${name}.b`], dy, ...inner);
    const du = sketch.compute(this.room.tokens * this.options.rank, dy);
    sketch.gradients([`${name}.a`], du);
    if (dx) sketch.pool.run(dx, du);
    sketch.pool.give(du);
  }

  private has(target: Target): boolean {
    return this.options.rank > 0 && this.options.targets.includes(target);
  }
}

/** What the plan calls the pair of matrices that stands beside one of a layer's. */
export function lowRankName(layer: number, target: Target): string {
  return `bert.encoder.layer.${layer}.lora.${target}`;
}
