import type { Tensor } from "@tensorflow/tfjs-core";
import { accumulate } from "../ops/accumulate/accumulate.ts";
import type { DeviceBatch } from "../ops/device-batch.ts";
import { NO_DROPOUT } from "../ops/dropout/random.ts";
import type { LayerNormSaved } from "../ops/layer-norm/layer-norm.ts";
import type { Gradients, Parameter } from "../ops/parameter.ts";
import type { ModelConfig } from "./config.ts";
import type { DropoutSites } from "./dropout-sites.ts";
import { embeddingsBackward, embeddingsForward, type EmbeddingWeights } from "./embeddings.ts";
import {
  disposeInner,
  disposeSaved,
  encoderLayerBackward,
  encoderLayerForward,
  type EncoderLayerOptions,
  type EncoderLayerSaved,
  type EncoderLayerWeights,
  type WeightAndBias,
} from "./encoder-layer.ts";
import type { LowRank } from "./low-rank.ts";
import { embeddingRoles, layerRoles, type Pair } from "./names.ts";

/** What is kept of a layer's forward pass: all that its backward pass needs, or the layer's input x[T, H] alone. */
interface Kept {
  x: Tensor;
  saved: EncoderLayerSaved | null;
}

/** What one forward pass of the encoder keeps for its backward pass. */
export interface EncoderPass {
  batch: DeviceBatch;
  dropout: DropoutSites;
  embeddings: LayerNormSaved;
  layers: Kept[];
  /** The last layer's output [T, H]. */
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

/** Is shown the output [T, H] of each layer, in their order; what it is shown is not its own. */
type OnOutput = (layer: number, y: Tensor) => void;

/** Embeddings and layers, without a head: ids → hidden states [T, H]. */
export class Encoder {
  readonly embeddings: EmbeddingWeights;
  private readonly layers: EncoderLayerWeights[];
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
    this.embeddings = {
      word: find(embeddingRoles.word),
      position: find(embeddingRoles.position),
      type: config.names.embeddings.type === null ? null : find(embeddingRoles.type),
      norm: both(embeddingRoles.norm),
    };
    this.layers = Array.from({ length: config.layers }, (_, layer) => {
      const roles = layerRoles(layer);
      return {
        qkv: both(roles.qkv),
        attentionOutput: both(roles.attentionOutput),
        attentionNorm: both(roles.attentionNorm),
        intermediate: both(roles.intermediate),
        output: both(roles.output),
        outputNorm: both(roles.outputNorm),
      };
    });
  }

  /** For training; the pass is the caller's to give to `backward` or to `discardPass`. */
  forward(batch: DeviceBatch, dropout: DropoutSites, onOutput: OnOutput = () => undefined): EncoderPass {
    const start = embeddingsForward(this.embeddings, batch, this.config.layerNormEpsilon, dropout.embeddings());
    let last = start.y;
    const layers: Kept[] = [];
    for (const [i, weights] of this.layers.entries()) {
      const { y, saved } = encoderLayerForward(weights, last, batch, this.layerOptions(i, dropout));
      if (this.checkpointing && i < this.layers.length - 1) {
        disposeInner(saved);
        layers.push({ x: last, saved: null });
      } else layers.push({ x: last, saved });
      last = y;
      onOutput(i, y);
    }
    return { batch, dropout, embeddings: start.saved, layers, last };
  }

  /** Hidden states [T, H] for evaluation: nothing is kept; `dropout` is one that drops nothing. */
  infer(batch: DeviceBatch, dropout: DropoutSites, onOutput: OnOutput = () => undefined): Tensor {
    const start = embeddingsForward(this.embeddings, batch, this.config.layerNormEpsilon, dropout.embeddings());
    disposeNorm(start.saved);
    let x = start.y;
    for (const [i, weights] of this.layers.entries()) {
      const { y, saved } = encoderLayerForward(weights, x, batch, this.layerOptions(i, dropout));
      disposeSaved(saved);
      x = y;
      onOutput(i, y);
    }
    return x;
  }

  /**
   * Adds the gradients of the parameters that train, down to the level `lowest`, and uses the pass up. `gradientOf`
   * gives what the head's gradient is for a layer's output [T, H], which is then the encoder's, or null for none.
   */
  backward(
    gradientOf: (layer: number) => Tensor | null,
    pass: EncoderPass,
    trains: (parameter: Parameter) => boolean,
    lowest: number,
    gradients: Gradients,
  ): void {
    const { batch, dropout } = pass;
    pass.last.dispose();
    let dx = gradientOf(this.layers.length - 1);
    for (let layer = this.layers.length - 1; layer >= 0; layer--) {
      const weights = this.layers[layer];
      const kept = pass.layers[layer];
      if (!weights || !kept) throw new Error(`Layer ${layer} has no saved pass.`);
      if (!dx) {
        disposeKept(kept);
        continue;
      }
      const options = this.layerOptions(layer, dropout);
      const saved = kept.saved ?? recomputed(weights, kept.x, batch, options);
      dx = encoderLayerBackward(weights, dx, saved, batch, options, trains, lowest <= layer, gradients);
      const more = dx && gradientOf(layer - 1);
      if (dx && more) accumulate(dx, more);
      more?.dispose();
      disposeSaved(saved);
    }
    if (dx) embeddingsBackward(this.embeddings, dx, pass.embeddings, batch, dropout.embeddings(), trains, gradients);
    else disposeNorm(pass.embeddings);
  }

  private layerOptions(layer: number, dropout: DropoutSites): EncoderLayerOptions {
    return {
      heads: this.config.heads,
      activation: this.config.activation,
      epsilon: this.config.layerNormEpsilon,
      dropout: {
        attention: dropout.attention(layer),
        attentionOutput: this.config.dropsAttentionOutput ? dropout.attentionOutput(layer) : NO_DROPOUT,
        output: dropout.output(layer),
      },
      lowRank: {
        pairs: this.lowRank?.layers[layer] ?? {},
        scale: this.lowRank?.scale ?? 0,
        dropout: (target) => dropout.lowRank(layer, target),
      },
    };
  }
}

/** Gives back a pass that no backward pass will use. */
export function discardPass(pass: EncoderPass): void {
  disposeNorm(pass.embeddings);
  pass.layers.forEach(disposeKept);
  pass.last.dispose();
}

function disposeKept({ x, saved }: Kept): void {
  if (saved) disposeInner(saved);
  x.dispose();
}

/** A layer's forward pass once more, for what it saves. */
function recomputed(
  weights: EncoderLayerWeights,
  x: Tensor,
  batch: DeviceBatch,
  options: EncoderLayerOptions,
): EncoderLayerSaved {
  const { y, saved } = encoderLayerForward(weights, x, batch, options);
  y.dispose();
  return saved;
}

function disposeNorm({ normalized, rstd }: LayerNormSaved): void {
  normalized.dispose();
  rstd.dispose();
}
