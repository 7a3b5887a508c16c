import type { Tensor } from "@tensorflow/tfjs-core";
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
import { earlierNames } from "./earlier-classifier.ts";
import { classifierNames, embeddingNames, layerNames, poolerNames } from "./layout.ts";

/** All that one forward pass keeps for its backward pass. */
export interface BertPass {
  batch: DeviceBatch;
  dropout: DropoutSites;
  embeddings: LayerNormSaved;
  layers: EncoderLayerSaved[];
  /** The last layer's output [T, H]. */
  last: Tensor;
  head: HeadSaved;
}

const NO_RATES: DropoutRates = { hidden: 0, attention: 0, classifier: 0 };
const NO_KEY: PassKey = { seed: 0, step: 0, microBatch: 0 };

/**
 * BERT with a classifier on its pooled [CLS], forward and backward in plain sight: the structure of the code is that
 * of the checkpoint. Memory is freed as the passes go.
 */
export class BertClassifier {
  private readonly embeddings: EmbeddingWeights;
  private readonly layers: EncoderLayerWeights[];
  private readonly head: HeadWeights;
  /** The same pooler under the classifier of an earlier task, where there is one. */
  private readonly earlierHead: HeadWeights | null;

  constructor(
    readonly config: BertConfig,
    readonly parameters: readonly Parameter[],
  ) {
    const byName = new Map(parameters.map((parameter) => [parameter.name, parameter]));
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
    this.head = { pooler: both(poolerNames), classifier: both(classifierNames) };
    const hasEarlier = byName.has(earlierNames.weight);
    this.earlierHead = hasEarlier ? { ...this.head, classifier: both(earlierNames) } : null;
  }

  get tables(): TableSizes {
    const { vocabularySize, maxPositions, typeVocabularySize } = this.config;
    return { word: vocabularySize, position: maxPositions, type: typeVocabularySize };
  }

  /** logits [B, C] for training; with no rates nothing is dropped. The pass is the caller's to give to `backward`. */
  forward(batch: DeviceBatch, rates: DropoutRates = NO_RATES, key: PassKey = NO_KEY) {
    const dropout = new DropoutSites(rates, key);
    const start = embeddingsForward(this.embeddings, batch, this.config.layerNormEpsilon, dropout.embeddings());
    let x = start.y;
    const layers: EncoderLayerSaved[] = [];
    for (const [i, weights] of this.layers.entries()) {
      const { y, saved } = encoderLayerForward(weights, x, batch, this.layerOptions(i, dropout));
      layers.push(saved);
      x = y;
    }
    const { logits, saved: head } = headForward(this.headOf(batch), x, batch, dropout.classifier());
    const pass: BertPass = { batch, dropout, embeddings: start.saved, layers, last: x, head };
    return { logits, pass };
  }

  /** logits [B, C] for evaluation: no dropout, nothing kept. */
  infer(batch: DeviceBatch): Tensor {
    const dropout = new DropoutSites(NO_RATES, NO_KEY);
    const start = embeddingsForward(this.embeddings, batch, this.config.layerNormEpsilon, dropout.embeddings());
    disposeNorm(start.saved);
    let x = start.y;
    for (const [i, weights] of this.layers.entries()) {
      const { y, saved } = encoderLayerForward(weights, x, batch, this.layerOptions(i, dropout));
      disposeSaved(saved);
      x = y;
    }
    const { logits, saved } = headForward(this.headOf(batch), x, batch, dropout.classifier());
    disposeHead(saved);
    x.dispose();
    return logits;
  }

  /**
   * Gradients of the parameters that train, by parameter. The pass stops below the lowest of them and is used up:
   * its tensors are gone afterwards. `dLogits` stays the caller's.
   */
  backward(dLogits: Tensor, pass: BertPass, trains: (parameter: Parameter) => boolean): Gradients {
    const gradients: Gradients = new Map();
    const lowest = Math.min(...this.parameters.filter(trains).map(({ level }) => level));
    const { batch, dropout } = pass;
    const wantsHead = lowest <= this.layers.length;
    const head = this.headOf(batch);
    let dx = headBackward(head, dLogits, pass.head, batch, dropout.classifier(), trains, wantsHead, gradients);
    disposeHead(pass.head);
    pass.last.dispose();
    for (let layer = this.layers.length - 1; layer >= 0; layer--) {
      const weights = this.layers[layer];
      const saved = pass.layers[layer];
      if (!weights || !saved) throw new Error(`Layer ${layer} has no saved pass.`);
      if (dx) {
        const options = this.layerOptions(layer, dropout);
        dx = encoderLayerBackward(weights, dx, saved, batch, options, trains, lowest <= layer, gradients);
      }
      disposeSaved(saved);
    }
    if (dx) embeddingsBackward(this.embeddings, dx, pass.embeddings, batch, dropout.embeddings(), trains, gradients);
    else disposeNorm(pass.embeddings);
    // A weight and its bias come from one kernel: what only one of them needed goes here.
    for (const [parameter, gradient] of gradients) {
      if (trains(parameter)) continue;
      gradient.dispose();
      gradients.delete(parameter);
    }
    return gradients;
  }

  /** Gives back a pass that no backward pass will use. */
  discard(pass: BertPass): void {
    disposeNorm(pass.embeddings);
    pass.layers.forEach(disposeSaved);
    pass.last.dispose();
    disposeHead(pass.head);
  }

  /** Gives back all weights. */
  dispose(): void {
    for (const { value } of this.parameters) value.dispose();
  }

  private headOf({ task }: DeviceBatch): HeadWeights {
    if (task === "new") return this.head;
    if (!this.earlierHead)
      throw new Error("A batch of an earlier task was given, and the model has no classifier for it.");
    return this.earlierHead;
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
    };
  }
}

function disposeNorm({ normalized, rstd }: LayerNormSaved): void {
  normalized.dispose();
  rstd.dispose();
}
