import type { Tensor } from "@tensorflow/tfjs-core";
import { accumulate } from "../ops/accumulate/accumulate.ts";
import type { DeviceBatch, TableSizes } from "../ops/device-batch.ts";
import { gatherRows, gatherRowsGradient } from "../ops/gather-rows/gather-rows.ts";
import type { GradientPlaces, Gradients, Parameter } from "../ops/parameter.ts";
import type { HeadLayer, ModelConfig, Pooling } from "./config.ts";
import { DropoutSites, NO_KEY, NO_RATES, type DropoutRates, type PassKey } from "./dropout-sites.ts";
import { tableSizes } from "./embeddings.ts";
import { Encoder, finder, type EncoderPass } from "./encoder.ts";
import { disposeHead, headBackward, headForward, type HeadSaved, type HeadWeights } from "./head.ts";
import { lowRankParameters, withLowRank, type LowRank } from "./low-rank.ts";
import { earlierRoles, headPartRoles, poolerNormRoles } from "./names.ts";
import { dropUnwanted } from "./parameter-gradients.ts";
import { layersRead, poolLayer, poolLayerGradient } from "./pooling.ts";

/** All that one forward pass keeps for its backward pass. */
export interface ClassifierPass {
  batch: DeviceBatch;
  dropout: DropoutSites;
  /** Null where the batch has what the head reads. */
  encoder: EncoderPass | null;
  /** What the head read of each row, or at each place [B, H]; the batch's own where there is no encoder pass. */
  pooled: Tensor;
  head: HeadSaved;
}

/**
 * An encoder with a head on its pooled rows, forward and backward; memory is freed as the passes go. Of a batch with
 * places the head reads the last layer's output at each of them, as a classifier of tokens does, in place of rows.
 */
export class Classifier {
  private readonly encoder: Encoder;
  private readonly head: HeadWeights;
  /** The same head with the classifier of an earlier task, where there is one. */
  private readonly earlierHead: HeadWeights | null;
  /** What the head reads of a row. */
  private readonly pooledBy: Pooling;
  /** How many of the last layers are pooled. */
  private readonly read: number;

  /** All weights, LoRA's included. */
  readonly parameters: readonly Parameter[];

  /** With LoRA all of `parameters` are frozen but those of the head that the family trains beside it. */
  constructor(
    readonly config: ModelConfig,
    parameters: readonly Parameter[],
    readonly pooling: Pooling = "pooler",
    readonly lowRank: LowRank | null = null,
  ) {
    this.parameters = lowRank ? withLowRank(config, parameters, lowRank) : parameters;
    this.encoder = new Encoder(config, this.parameters, lowRank);
    const { both } = finder(this.parameters);
    const layers = pooling === "pooler" ? config.head : config.head.slice(-1);
    const withWeights = (layer: HeadLayer) => ({
      ...layer,
      ...both(headPartRoles[layer.part]),
      norm: layer.isNormed === true ? both(poolerNormRoles) : null,
    });
    this.pooledBy = pooling === "pooler" ? (config.headPooling ?? pooling) : pooling;
    this.head = layers.map(withWeights);
    const hasEarlier = parameters.some(({ role }) => role === earlierRoles.weight);
    this.earlierHead = hasEarlier
      ? this.head.map((layer) => (layer.part === "classifier" ? { ...layer, ...both(earlierRoles) } : layer))
      : null;
    this.read = layersRead(pooling, config.layers);
  }

  /** See `Encoder`. */
  get checkpointing(): boolean {
    return this.encoder.checkpointing;
  }

  set checkpointing(on: boolean) {
    this.encoder.checkpointing = on;
  }

  get tables(): TableSizes {
    return tableSizes(this.config);
  }

  /** Nothing but the embeddings reads it. */
  get wordTable(): Parameter {
    return this.encoder.embeddings.word;
  }

  /** logits [B, C] of rows, or of places, for training; with no rates nothing is dropped. The pass is the caller's to give to `backward`. */
  forward(batch: DeviceBatch, rates: DropoutRates = NO_RATES, key: PassKey = NO_KEY) {
    const dropout = new DropoutSites(rates, key);
    const rows = this.poolingOf(batch);
    const encoder = batch.features ? null : this.encoder.forward(batch, dropout, rows.add);
    const pooled = batch.features ?? rows.pooled();
    const shared = { rows: headRows(batch), epsilon: this.config.layerNormEpsilon, dropout: dropout.head };
    const { logits, saved: head } = headForward(this.headOf(batch), pooled, shared);
    const pass: ClassifierPass = { batch, dropout, encoder, pooled, head };
    return { logits, pass };
  }

  /** logits [B, C] for evaluation: no dropout, nothing kept. */
  infer(batch: DeviceBatch): Tensor {
    const pooled = batch.features ?? this.features(batch);
    const { logits, saved } = headForward(this.headOf(batch), pooled, {
      rows: headRows(batch),
      epsilon: this.config.layerNormEpsilon,
      dropout: DropoutSites.none.head,
    });
    disposeHead(saved, pooled);
    if (!batch.features) pooled.dispose();
    return logits;
  }

  /**
   * The same weights over another word table [R, E], whose rows are what a batch's ids number. All other tensors are
   * shared: whoever calls this frees the table alone.
   */
  withWordTable(value: Tensor): Classifier {
    const ofLowRank = new Set(this.lowRank ? lowRankParameters(this.lowRank.layers) : []);
    const parameters = this.parameters
      .filter((parameter) => !ofLowRank.has(parameter))
      .map((parameter) => (parameter === this.wordTable ? { ...parameter, value } : parameter));
    return new Classifier(this.config, parameters, this.pooling, this.lowRank);
  }

  /** What the head reads of each row, or at each place [B, H], without dropout. */
  features(batch: DeviceBatch): Tensor {
    const rows = this.poolingOf(batch);
    this.encoder.infer(batch, rows.add).dispose();
    return rows.pooled();
  }

  /** The mean of each row's last hidden states [B, H], without dropout, whatever the head reads. */
  meanVectors(batch: DeviceBatch): Tensor {
    let mean: Tensor | null = null;
    this.encoder
      .infer(batch, (layer, y) => {
        if (layer === this.config.layers - 1) mean = poolLayer("mean", y, batch, 1);
      })
      .dispose();
    if (!mean) throw new Error("The encoder has no layer.");
    return mean;
  }

  /** The layers of the head that run, with the parameters of their norms. */
  get headLayers(): HeadWeights {
    return this.head;
  }

  get vectorWidth(): number {
    return this.config.hiddenSize;
  }

  /** Products of a pass of one token through the layers' matrices. */
  get productsPerToken(): number {
    const { hiddenSize, intermediateSize, layers } = this.config;
    return layers * (4 * hiddenSize * hiddenSize + 2 * hiddenSize * intermediateSize);
  }

  /** Hidden states [T, H] without dropout: the embeddings' output, then that of each layer; the caller frees them. */
  states(batch: DeviceBatch): Tensor[] {
    return [...this.encoder.outputs(batch)];
  }

  get featureWidth(): number {
    return this.config.hiddenSize;
  }

  /**
   * Gradients of the parameters that train; nothing below the lowest of them is computed. Frees the pass; `dLogits`
   * stays the caller's. On a GPU gradients are written into the tensors of `into`.
   */
  backward(
    dLogits: Tensor,
    pass: ClassifierPass,
    trains: (parameter: Parameter) => boolean,
    into?: GradientPlaces,
  ): Gradients {
    const gradients: Gradients = new Map();
    const lowest = Math.min(...this.parameters.filter(trains).map(({ level }) => level));
    const { batch, dropout, encoder, pooled } = pass;
    const wantsPooled = this.parameters.some((parameter) => !parameter.ofHead && trains(parameter));
    if (wantsPooled && !encoder) throw new Error("What lies below the head cannot train on what the head has read.");
    const sink = { trains, gradients, into };
    const shared = { rows: headRows(batch), epsilon: this.config.layerNormEpsilon, dropout: dropout.head };
    const dPooled = headBackward(this.headOf(batch), dLogits, pass.head, shared, sink, wantsPooled);
    disposeHead(pass.head, pooled);
    if (encoder) {
      pooled.dispose();
      const gradientOf = (layer: number) => (dPooled ? this.pooledGradient(dPooled, batch, layer) : null);
      this.encoder.backward(gradientOf, encoder, sink, lowest);
    }
    dPooled?.dispose();
    dropUnwanted(sink);
    return gradients;
  }

  /** Frees a pass that no backward pass will use. */
  discard({ encoder, pooled, head }: ClassifierPass): void {
    disposeHead(head, pooled);
    if (!encoder) return;
    this.encoder.discard(encoder);
    pooled.dispose();
  }

  /** Frees all weights. */
  dispose(): void {
    for (const { value } of this.parameters) value.dispose();
  }

  private headOf({ task }: DeviceBatch): HeadWeights {
    if (task === "new") return this.head;
    if (!this.earlierHead)
      throw new Error("A batch of an earlier task was given, and the model has no classifier for it.");
    return this.earlierHead;
  }

  /** Gathers the pooled rows [B, H] from the layers' outputs as they come. */
  private poolingOf(batch: DeviceBatch) {
    let sum: Tensor | null = null;
    return {
      add: (layer: number, y: Tensor) => {
        if (batch.places) {
          if (layer === this.config.layers - 1) sum = gatherRows(y, batch.places);
          return;
        }
        if (!this.isPooled(layer)) return;
        const part = poolLayer(this.pooledBy, y, batch, this.read);
        if (sum) {
          accumulate(sum, part);
          part.dispose();
        } else sum = part;
      },
      pooled: (): Tensor => {
        if (!sum) throw new Error("The encoder has no layer.");
        return sum;
      },
    };
  }

  /** dx[T, H] of a layer's output, from the gradient [B, H] of what the head read; null where it read nothing there. */
  private pooledGradient(dPooled: Tensor, batch: DeviceBatch, layer: number): Tensor | null {
    if (batch.places) {
      const isLast = layer === this.config.layers - 1;
      return isLast ? gatherRowsGradient(dPooled, batch.places, batch.tokens) : null;
    }
    return this.isPooled(layer) ? poolLayerGradient(this.pooledBy, dPooled, batch, this.read) : null;
  }

  private isPooled(layer: number): boolean {
    return layer >= this.config.layers - this.read;
  }
}

/** Rows of the head's logits. */
const headRows = ({ places, rows }: DeviceBatch) => places?.count ?? rows;
