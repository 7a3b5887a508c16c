import type { Tensor } from "@tensorflow/tfjs-core";
import { accumulate } from "../ops/accumulate/accumulate.ts";
import type { DeviceBatch } from "../ops/device-batch.ts";
import { NO_DROPOUT } from "../ops/dropout/random.ts";
import type { LayerNormSaved } from "../ops/layer-norm/layer-norm.ts";
import type { Parameter } from "../ops/parameter.ts";
import { groupOf, layersByGroup, type ModelConfig } from "./config.ts";
import { DropoutSites } from "./dropout-sites.ts";
import {
  disposeEmbeddings,
  embeddingsBackward,
  embeddingsForward,
  type EmbeddingsSaved,
  type EmbeddingWeights,
} from "./embeddings.ts";
import { encoderLayers, type EncoderLayer, type EncoderLayerSaved, type EncoderLayerWeights } from "./encoder-layer.ts";
import type { EncoderLayerOptions } from "./layer-pass.ts";
import type { LowRank } from "./low-rank.ts";
import { embeddingRoles, finalNormRoles, layerRoles, type Pair } from "./names.ts";
import { disposeNorm, normBackward, normForward } from "./norm.ts";
import { Relative, RelativeSum, type RelativeSaved } from "./relative.ts";
import type { GradientSink, WeightAndBias } from "./parameter-gradients.ts";

/**
 * What is kept of a layer's forward pass: all that its backward pass needs, or the layer's input x[T, H] alone. `x` is
 * null where the backward pass does not read it.
 */
type Kept = { x: Tensor | null; saved: EncoderLayerSaved } | { x: Tensor; saved: null };

/** What one forward pass of the encoder keeps for its backward pass. */
export interface EncoderPass {
  batch: DeviceBatch;
  dropout: DropoutSites;
  embeddings: EmbeddingsSaved;
  layers: Kept[];
  finalNorm: LayerNormSaved | null;
  /** The table by distance that all layers read; null where there is none. */
  relative: RelativeSaved | null;
  /** The last layer's output [T, H], after the final norm where there is one. */
  last: Tensor;
}

/** Parameters by their roles; throws for one that is missing. */
export function finder(parameters: readonly Parameter[]) {
  const byRole = new Map(parameters.map((parameter) => [parameter.role, parameter]));
  const find = (role: string): Parameter => {
    const parameter = byRole.get(role);
    if (!parameter) throw new Error(`The parameter ${role} is missing.`);
    return parameter;
  };
  const both = ({ weight, bias }: Pair): WeightAndBias => ({
    weight: find(weight),
    bias: find(bias),
  });
  return { find, both };
}

/** Called with the output [T, H] of each layer in order; must not dispose it. */
type OnOutput = (layer: number, y: Tensor) => void;

/** Embeddings and layers, without a head: ids → hidden states [T, H]. */
export class Encoder {
  readonly embeddings: EmbeddingWeights;
  private readonly layers: EncoderLayerWeights[];
  private readonly form: EncoderLayer;
  private readonly finalNorm: WeightAndBias | null;
  private readonly relative: Relative | null;
  /**
   * Gradient checkpointing (Chen et al. 2016, Training Deep Nets with Sublinear Memory Cost): a forward pass for
   * training keeps of each layer its input alone, and the backward pass computes the rest again, dropout masks
   * included, to the same bits. The last layer's is kept whole: it is needed at once.
   */
  checkpointing = false;

  /** With `lowRank` LoRA's matrices stand beside the layers' weights. */
  constructor(
    private readonly config: ModelConfig,
    parameters: readonly Parameter[],
    private readonly lowRank: LowRank | null = null,
  ) {
    const { find, both } = finder(parameters);
    const { names, layers, layerForm, embeddingSize } = config;
    this.embeddings = {
      word: find(embeddingRoles.word),
      position: names.embeddings.position === null ? null : find(embeddingRoles.position),
      type: names.embeddings.type === null ? null : find(embeddingRoles.type),
      norm: names.embeddings.norm === null ? null : both(embeddingRoles.norm),
      projection: embeddingSize === undefined ? null : both(embeddingRoles.projection),
    };
    const groups = layersByGroup(config).map(([first = 0], group) => {
      const roles = layerRoles(first);
      const modules = names.layer(group);
      return {
        qkv: both(roles.qkv),
        positions: modules.positions ? both(roles.positions) : null,
        attentionOutput: both(roles.attentionOutput),
        attentionNorm: modules.attentionNorm === null ? null : both(roles.attentionNorm),
        intermediate: both(roles.intermediate),
        output: both(roles.output),
        outputNorm: both(roles.outputNorm),
      };
    });
    this.layers = Array.from({ length: layers }, (_, layer) => groups[groupOf(layer, config)] as EncoderLayerWeights);
    this.form = encoderLayers[layerForm];
    this.finalNorm = names.finalNorm === null ? null : both(finalNormRoles(layers));
    this.relative = Relative.of(config, find, both);
  }

  /** For training; the pass is the caller's to give to `backward` or to `discard`. */
  forward(batch: DeviceBatch, dropout: DropoutSites, onOutput: OnOutput = () => undefined): EncoderPass {
    const start = embeddingsForward(this.embeddings, batch, this.config.layerNormEpsilon, dropout.embeddings());
    let last = start.y;
    let finalNorm: LayerNormSaved | null = null;
    const relative = this.relative?.forward(batch) ?? null;
    const layers: Kept[] = [];
    for (const [i, weights] of this.layers.entries()) {
      const { y, saved } = this.form.forward(weights, last, batch, this.layerOptions(i, { batch, dropout, relative }));
      if (this.checkpointing && i < this.layers.length - 1) {
        this.form.dispose(saved);
        layers.push({ x: last, saved: null });
      } else if (this.form.savesInput) layers.push({ x: last, saved });
      else {
        last.dispose();
        layers.push({ x: null, saved });
      }
      ({ y: last, saved: finalNorm } = this.closed(i, y, batch));
      onOutput(i, last);
    }
    return { batch, dropout, embeddings: start.saved, layers, finalNorm, relative, last };
  }

  /** Hidden states [T, H] for evaluation: no dropout, nothing kept. */
  infer(batch: DeviceBatch, onOutput: OnOutput = () => undefined): Tensor {
    let last: Tensor | null = null;
    let layer = -1;
    for (const y of this.outputs(batch)) {
      last?.dispose();
      last = y;
      if (layer >= 0) onOutput(layer, y);
      layer++;
    }
    if (!last) throw new Error("The encoder has no output.");
    return last;
  }

  /**
   * Yields the embeddings' output and that of each layer [T, H], in order and without dropout. Each is the caller's to
   * free, but not before the next is there.
   */
  *outputs(batch: DeviceBatch): Generator<Tensor> {
    const dropout = DropoutSites.none;
    const start = embeddingsForward(this.embeddings, batch, this.config.layerNormEpsilon, dropout.embeddings());
    disposeEmbeddings(start.saved);
    let x = start.y;
    yield x;
    const relative = this.relative?.forward(batch) ?? null;
    for (const [i, weights] of this.layers.entries()) {
      const { y, saved } = this.form.forward(weights, x, batch, this.layerOptions(i, { batch, dropout, relative }));
      this.form.dispose(saved);
      const output = this.closed(i, y, batch);
      if (output.saved) disposeNorm(output.saved);
      x = output.y;
      if (i === this.layers.length - 1 && relative) this.relative?.dispose(relative);
      yield x;
    }
  }

  /**
   * Adds the gradients of the parameters that train, down to the level `lowest`, and frees the pass. `gradientOf` gives
   * the head's gradient of a layer's output [T, H], which the encoder frees, or null for none.
   */
  backward(gradientOf: (layer: number) => Tensor | null, pass: EncoderPass, sink: GradientSink, lowest: number): void {
    const { batch, dropout, relative } = pass;
    const ofLayers = new RelativeSum();
    pass.last.dispose();
    let dx = this.throughFinalNorm(gradientOf(this.layers.length - 1), pass, sink, lowest);
    for (let layer = this.layers.length - 1; layer >= 0; layer--) {
      const weights = this.layers[layer];
      const kept = pass.layers[layer];
      if (!weights || !kept) throw new Error(`Layer ${layer} has no saved pass.`);
      if (!dx) {
        this.disposeKept(kept);
        continue;
      }
      const options = this.layerOptions(layer, pass, sink);
      const saved = kept.saved ?? this.recomputed(weights, kept.x, batch, options);
      dx = this.form.backward(
        weights,
        dx,
        saved,
        { batch, options, keepRelative: ofLayers.add, ...sink },
        lowest <= layer,
      );
      const more = dx && gradientOf(layer - 1);
      if (dx && more) accumulate(dx, more);
      more?.dispose();
      this.disposeKept({ x: kept.x, saved });
    }
    if (relative) this.relative?.backward(ofLayers.sum, relative, batch, sink);
    const embeddings = { batch, dropout: dropout.embeddings() };
    if (dx) embeddingsBackward(this.embeddings, dx, pass.embeddings, embeddings, sink);
    else disposeEmbeddings(pass.embeddings);
  }

  /** Frees a pass that no backward pass will use. */
  discard(pass: EncoderPass): void {
    disposeEmbeddings(pass.embeddings);
    if (pass.finalNorm) disposeNorm(pass.finalNorm);
    if (pass.relative) this.relative?.dispose(pass.relative);
    for (const kept of pass.layers) this.disposeKept(kept);
    pass.last.dispose();
  }

  /** The output of a layer, after the final norm where the layer is the last; takes y. */
  private closed(layer: number, y: Tensor, { tokens }: DeviceBatch): { y: Tensor; saved: LayerNormSaved | null } {
    if (!this.finalNorm || layer < this.layers.length - 1) return { y, saved: null };
    const closed = normForward(this.finalNorm, y, { tokens, epsilon: this.config.layerNormEpsilon });
    y.dispose();
    return closed;
  }

  /** The gradient of the last layer's own output, or null when no layer needs it. Takes dy. */
  private throughFinalNorm(
    dy: Tensor | null,
    { batch: { tokens }, finalNorm }: EncoderPass,
    sink: GradientSink,
    lowest: number,
  ): Tensor | null {
    if (!this.finalNorm || !finalNorm) return dy;
    const dx = dy && normBackward(this.finalNorm, dy, finalNorm, { tokens }, sink);
    disposeNorm(finalNorm);
    if (lowest <= this.layers.length) return dx;
    dx?.dispose();
    return null;
  }

  /** What a layer's forward pass saves, computed again. */
  private recomputed(
    weights: EncoderLayerWeights,
    x: Tensor,
    batch: DeviceBatch,
    options: EncoderLayerOptions,
  ): EncoderLayerSaved {
    const { y, saved } = this.form.forward(weights, x, batch, options);
    y.dispose();
    return saved;
  }

  /** The window of a layer's attention, and its rotary positions. */
  private formOf(layer: number, { rotary }: DeviceBatch): Pick<EncoderLayerOptions, "attention" | "rotary"> {
    const form = this.config.layerAttention?.[layer];
    if (!form) return {};
    const { window, rotaryBase } = form;
    return { attention: { window }, rotary: rotary.find(({ base }) => base === rotaryBase) };
  }

  private disposeKept({ x, saved }: Kept): void {
    if (saved) this.form.dispose(saved);
    x?.dispose();
  }

  private layerOptions(
    layer: number,
    { batch, dropout, relative }: Pick<EncoderPass, "batch" | "dropout" | "relative">,
    sink?: GradientSink,
  ): EncoderLayerOptions {
    const {
      heads,
      activation,
      layerNormEpsilon: epsilon,
      dropsAttentionOutput,
      dropsFeedForwardOutput = true,
    } = this.config;
    return {
      heads,
      ...this.formOf(layer, batch),
      isGated: this.config.isGated ?? false,
      ...(relative && this.relative?.optionsOf(layer, relative, { batch, dropout }, sink)),
      activation,
      epsilon,
      dropout: {
        attention: dropout.attention(layer),
        attentionOutput: dropsAttentionOutput ? dropout.attentionOutput(layer) : NO_DROPOUT,
        output: dropsFeedForwardOutput ? dropout.output(layer) : NO_DROPOUT,
      },
      lowRank: {
        pairs: this.lowRank?.layers[layer] ?? {},
        scale: this.lowRank?.scale ?? 0,
        dropout: (target) => dropout.lowRank(layer, target),
      },
    };
  }
}
