import type { Tensor } from "@tensorflow/tfjs-core";
import type { DeviceBatch, TableSizes } from "../ops/device-batch.ts";
import { gatherRowsGradient, type Places } from "../ops/gather-rows/gather-rows.ts";
import type { GradientPlaces, Gradients, Parameter } from "../ops/parameter.ts";
import type { ModelConfig } from "./config.ts";
import { DropoutSites, type DropoutRates, type PassKey } from "./dropout-sites.ts";
import { tableSizes } from "./embeddings.ts";
import { Encoder, finder, type EncoderPass } from "./encoder.ts";
import type { LowRank } from "./low-rank.ts";
import { dropUnwanted } from "./parameter-gradients.ts";
import { languageHeadRoles } from "./names.ts";
import {
  disposeLanguageHead,
  languageHeadBackward,
  languageHeadForward,
  type LanguageHeadOptions,
  type LanguageHeadSaved,
  type LanguageHeadWeights,
} from "./language-head.ts";

/** All that one forward pass keeps for its backward pass. */
interface LanguagePass {
  encoder: EncoderPass;
  head: LanguageHeadSaved;
}

/**
 * An encoder with the head of a masked language model (Devlin et al. 2019): a row of logits for each place of a batch.
 * The decoder is the word embedding, so its gradient is the sum of both uses.
 */
export class LanguageModel {
  readonly parameters: readonly Parameter[];
  private readonly encoder: Encoder;
  private readonly weights: LanguageHeadWeights;
  private readonly options: LanguageHeadOptions;

  /**
   * `encoder` has the parameters below the head, LoRA's matrices among them, and may belong to another model too; `head`
   * are this model's own.
   */
  constructor(
    private readonly config: ModelConfig,
    encoder: readonly Parameter[],
    private readonly head: readonly Parameter[],
    lowRank: LowRank | null = null,
  ) {
    this.parameters = [...encoder, ...head];
    this.encoder = new Encoder(config, encoder, lowRank);
    const { find, both } = finder(head);
    this.weights = {
      dense: both(languageHeadRoles.dense),
      norm: both(languageHeadRoles.norm),
      word: this.encoder.embeddings.word,
      bias: find(languageHeadRoles.bias),
    };
    this.options = { activation: config.languageActivation ?? config.activation, epsilon: config.layerNormEpsilon };
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

  /** logits [M, V] for training. The pass is the caller's to give to `backward`. */
  forward(batch: DeviceBatch, rates: DropoutRates, key: PassKey): { logits: Tensor; pass: LanguagePass } {
    const encoder = this.encoder.forward(batch, new DropoutSites(rates, key));
    const { logits, saved: head } = languageHeadForward(this.weights, encoder.last, placesOf(batch), this.options);
    return { logits, pass: { encoder, head } };
  }

  /** logits [M, V] for evaluation: no dropout, nothing kept. */
  infer(batch: DeviceBatch): Tensor {
    const x = this.encoder.infer(batch);
    const { logits, saved } = languageHeadForward(this.weights, x, placesOf(batch), this.options);
    disposeLanguageHead(saved);
    x.dispose();
    return logits;
  }

  /**
   * Gradients of the parameters that train. The pass is used up; `dLogits` stays the caller's. On a GPU gradients are
   * written into the tensors of `into`.
   */
  backward(
    dLogits: Tensor,
    pass: LanguagePass,
    trains: (parameter: Parameter) => boolean,
    into?: GradientPlaces,
  ): Gradients {
    const gradients: Gradients = new Map();
    const sink = { trains, gradients, into };
    const lowest = Math.min(...this.parameters.filter(trains).map(({ level }) => level));
    const { batch } = pass.encoder;
    const places = placesOf(batch);
    const dGathered = languageHeadBackward(this.weights, dLogits, pass.head, places.count, this.options, sink);
    disposeLanguageHead(pass.head);
    const wantsLast = this.parameters.some((parameter) => !parameter.ofHead && trains(parameter));
    const dLast = wantsLast ? gatherRowsGradient(dGathered, places, batch.tokens) : null;
    dGathered.dispose();
    const gradientOf = (layer: number) => (layer === this.config.layers - 1 ? dLast : null);
    this.encoder.backward(gradientOf, pass.encoder, sink, lowest);
    dropUnwanted(sink);
    return gradients;
  }

  /** Frees the head's weights; the encoder's stay. */
  disposeHead(): void {
    for (const { value } of this.head) value.dispose();
  }
}

function placesOf({ places }: DeviceBatch): Places {
  if (!places) throw new Error("A batch without places was given to a language model.");
  return places;
}
