import type { Tensor } from "@tensorflow/tfjs-core";
import { accumulate } from "../ops/accumulate/accumulate.ts";
import type { DeviceBatch, TableSizes } from "../ops/device-batch.ts";
import type { LayerNormSaved } from "../ops/layer-norm/layer-norm.ts";
import type { Gradients, Parameter } from "../ops/parameter.ts";
import type { BertConfig } from "./config.ts";
import { DropoutSites, type DropoutRates, type PassKey } from "./dropout-sites.ts";
import { embeddingsBackward, embeddingsForward, type EmbeddingWeights } from "./embeddings.ts";
import {
  disposeSaved,
  encoderLayerBackward,
  encoderLayerForward,
  type EncoderLayerOptions,
  type EncoderLayerSaved,
  type EncoderLayerWeights,
  type WeightAndBias,
} from "./encoder-layer.ts";
import { disposeHead, headBackward, headForward, type HeadSaved, type HeadWeights } from "./head.ts";
import { classifierNames, embeddingNames, layerNames, poolerNames } from "./layout.ts";
import { withLowRank, type LowRank } from "./low-rank.ts";
import { layersRead, poolLayer, poolLayerGradient, type Pooling } from "./pooling.ts";

/** What the encoder keeps for its backward pass. */
export interface EncoderPass {
  embeddings: LayerNormSaved;
  layers: EncoderLayerSaved[];
  /** The last layer's output [T, H]. */
  last: Tensor;
}

/** All that one forward pass keeps for its backward pass. */
export interface BertPass {
  batch: DeviceBatch;
  dropout: DropoutSites;
  /** Null where the batch brought what the head reads. */
  encoder: EncoderPass | null;
  /** What the head has read of each row [B, H]; the batch's own where there is no encoder pass. */
  pooled: Tensor;
  head: HeadSaved;
}

const NO_RATES: DropoutRates = { hidden: 0, attention: 0, classifier: 0 };
const NO_KEY: PassKey = { seed: 0, step: 0, microBatch: 0 };

/**
 * BERT with a classifier on its pooled rows, forward and backward in plain sight: the structure of the code is that of
 * the checkpoint. Memory is freed as the passes go.
 */
export class BertClassifier {
  private readonly embeddings: EmbeddingWeights;
  private readonly layers: EncoderLayerWeights[];
  private readonly head: HeadWeights;
  /** How many of the last layers are pooled. */
  private readonly read: number;

  /** All weights, LoRA's included. */
  readonly parameters: readonly Parameter[];

  /** With LoRA all of `parameters` but the classifier are frozen. */
  constructor(
    readonly config: BertConfig,
    parameters: readonly Parameter[],
    readonly pooling: Pooling = "pooler",
    readonly lowRank: LowRank | null = null,
  ) {
    this.parameters = lowRank ? withLowRank(parameters, lowRank) : parameters;
    const byName = new Map(this.parameters.map((parameter) => [parameter.name, parameter]));
    const find = (name: string | undefined): Parameter => {
      const parameter = byName.get(name ?? "");
      if (!parameter) throw new Error(`The parameter ${name} is missing.`);
      return parameter;
    };
    const both = ({ weight, bias }: { weight: string; bias: string }): WeightAndBias => ({
      weight: find(weight),
      bias: find(bias),
    });
    this.embeddings = {
      word: find(embeddingNames.word),
      position: find(embeddingNames.position),
      type: find(embeddingNames.type),
      norm: both(embeddingNames.norm),
    };
    this.layers = Array.from({ length: config.layers }, (_, layer) => {
      const names = layerNames(layer);
      return {
        qkv: { weight: find(names.qkv.weight[0]), bias: find(names.qkv.bias[0]) },
        attentionOutput: both(names.attentionOutput),
        attentionNorm: both(names.attentionNorm),
        intermediate: both(names.intermediate),
        output: both(names.output),
        outputNorm: both(names.outputNorm),
      };
    });
    this.head = { pooler: pooling === "pooler" ? both(poolerNames) : null, classifier: both(classifierNames) };
    this.read = layersRead(pooling, config.layers);
  }

  get tables(): TableSizes {
    const { vocabularySize, maxPositions, typeVocabularySize } = this.config;
    return { word: vocabularySize, position: maxPositions, type: typeVocabularySize };
  }

  /** logits [B, C] for training; with no rates nothing is dropped. The pass is the caller's to give to `backward`. */
  forward(batch: DeviceBatch, rates: DropoutRates = NO_RATES, key: PassKey = NO_KEY) {
    const dropout = new DropoutSites(rates, key);
    const { pooled, encoder } = batch.features
      ? { pooled: batch.features, encoder: null }
      : this.encode(batch, dropout, true);
    const { logits, saved: head } = headForward(this.head, pooled, batch.rows, dropout.classifier());
    const pass: BertPass = { batch, dropout, encoder, pooled, head };
    return { logits, pass };
  }

  /** logits [B, C] for evaluation: no dropout, nothing kept. */
  infer(batch: DeviceBatch): Tensor {
    const dropout = new DropoutSites(NO_RATES, NO_KEY);
    const pooled = batch.features ?? this.features(batch);
    const { logits, saved } = headForward(this.head, pooled, batch.rows, dropout.classifier());
    disposeHead(saved);
    if (!batch.features) pooled.dispose();
    return logits;
  }

  /** What the head reads of each row [B, H], without dropout. */
  features(batch: DeviceBatch): Tensor {
    return this.encode(batch, new DropoutSites(NO_RATES, NO_KEY), false).pooled;
  }

  get featureWidth(): number {
    return this.config.hiddenSize;
  }

  /**
   * Gradients of the parameters that train, by parameter. The pass stops below the lowest of them and is used up:
   * its tensors are gone afterwards. `dLogits` stays the caller's.
   */
  backward(dLogits: Tensor, pass: BertPass, trains: (parameter: Parameter) => boolean): Gradients {
    const gradients: Gradients = new Map();
    const lowest = Math.min(...this.parameters.filter(trains).map(({ level }) => level));
    const { batch, dropout, encoder, pooled } = pass;
    const { rows } = batch;
    const wantsPooled = lowest <= this.layers.length;
    if (wantsPooled && !encoder) throw new Error("What lies below the head cannot train on what the head has read.");
    const site = dropout.classifier();
    const dPooled = headBackward(this.head, dLogits, pooled, pass.head, rows, site, trains, wantsPooled, gradients);
    disposeHead(pass.head);
    if (encoder) {
      pooled.dispose();
      this.encoderBackward(dPooled, encoder, batch, dropout, trains, lowest, gradients);
    }
    dPooled?.dispose();
    // A weight and its bias come from one kernel: what only one of them needed goes here.
    for (const [parameter, gradient] of gradients) {
      if (trains(parameter)) continue;
      gradient.dispose();
      gradients.delete(parameter);
    }
    return gradients;
  }

  /** Gives back a pass that no backward pass will use. */
  discard({ encoder, pooled, head }: BertPass): void {
    disposeHead(head);
    if (!encoder) return;
    disposeNorm(encoder.embeddings);
    encoder.layers.forEach(disposeSaved);
    encoder.last.dispose();
    pooled.dispose();
  }

  /** Gives back all weights. */
  dispose(): void {
    for (const { value } of this.parameters) value.dispose();
  }

  /** Embeddings and layers up to the pooled rows [B, H], and for a backward pass what to keep. */
  private encode(batch: DeviceBatch, dropout: DropoutSites, keeps: boolean) {
    const start = embeddingsForward(this.embeddings, batch, this.config.layerNormEpsilon, dropout.embeddings());
    if (!keeps) disposeNorm(start.saved);
    const layers: EncoderLayerSaved[] = [];
    let last = start.y;
    let pooled: Tensor | null = null;
    for (const [layer, weights] of this.layers.entries()) {
      const { y, saved } = encoderLayerForward(weights, last, batch, this.layerOptions(layer, dropout));
      if (keeps) layers.push(saved);
      else disposeSaved(saved);
      last = y;
      if (!this.isPooled(layer)) continue;
      const part = poolLayer(this.pooling, y, batch, this.read);
      if (pooled) addAndDispose(pooled, part);
      else pooled = part;
    }
    if (!pooled) throw new Error("The encoder has no layer.");
    const encoder: EncoderPass | null = keeps ? { embeddings: start.saved, layers, last } : null;
    if (!encoder) last.dispose();
    return { pooled, encoder };
  }

  /** Uses the encoder's pass up; without a gradient of the pooled rows nothing below the head is computed. */
  private encoderBackward(
    dPooled: Tensor | null,
    pass: EncoderPass,
    batch: DeviceBatch,
    dropout: DropoutSites,
    trains: (parameter: Parameter) => boolean,
    lowest: number,
    gradients: Gradients,
  ): void {
    pass.last.dispose();
    let dx = dPooled && poolLayerGradient(this.pooling, dPooled, batch, this.read);
    for (let layer = this.layers.length - 1; layer >= 0; layer--) {
      const weights = this.layers[layer];
      const saved = pass.layers[layer];
      if (!weights || !saved) throw new Error(`Layer ${layer} has no saved pass.`);
      if (dx) {
        const options = this.layerOptions(layer, dropout);
        dx = encoderLayerBackward(weights, dx, saved, batch, options, trains, lowest <= layer, gradients);
      }
      if (dx && dPooled && this.isPooled(layer - 1)) {
        addAndDispose(dx, poolLayerGradient(this.pooling, dPooled, batch, this.read));
      }
      disposeSaved(saved);
    }
    if (dx) embeddingsBackward(this.embeddings, dx, pass.embeddings, batch, dropout.embeddings(), trains, gradients);
    else disposeNorm(pass.embeddings);
  }

  private isPooled(layer: number): boolean {
    return layer >= this.layers.length - this.read;
  }

  private layerOptions(layer: number, dropout: DropoutSites): EncoderLayerOptions {
    return {
      heads: this.config.heads,
      activation: this.config.activation,
      epsilon: this.config.layerNormEpsilon,
      dropout: {
        attention: dropout.attention(layer),
        attentionOutput: dropout.attentionOutput(layer),
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

function addAndDispose(sum: Tensor, part: Tensor): void {
  accumulate(sum, part);
  part.dispose();
}

function disposeNorm({ normalized, rstd }: LayerNormSaved): void {
  normalized.dispose();
  rstd.dispose();
}
