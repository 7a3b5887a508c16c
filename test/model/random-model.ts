import { tensor } from "@tensorflow/tfjs-core";
import { Classifier } from "../../src/model/classifier.ts";
import { loadParameters } from "../../src/model/checkpoint.ts";
import { configOf } from "../../src/families/family.ts";
import { readConfig } from "../../src/families/registry.ts";
import type { ModelConfig } from "../../src/model/config.ts";
import { loadEarlierClassifier } from "../../src/model/earlier-classifier.ts";
import { pair } from "../../src/model/names.ts";
import { createLowRank, type LowRankOptions } from "../../src/model/low-rank.ts";
import { loadLanguageHead } from "../../src/model/language-head.ts";
import { LanguageModel } from "../../src/model/language-model.ts";
import type { Pooling } from "../../src/model/config.ts";
import type { Parameter } from "../../src/ops/parameter.ts";
import { parsnip } from "../families/parsnip/parsnip.ts";

/** Fields of a config.json. */
export type ConfigChanges = Record<string, unknown>;

/** What other families need beside sizes. */
export const otherFamilies = {
  mpnet: { model_type: "mpnet" },
  deberta: {
    model_type: "deberta-v2",
    relative_attention: true,
    share_att_key: true,
    norm_rel_ebd: "layer_norm",
    position_biased_input: false,
    position_buckets: 8,
    pos_att_type: ["c2p", "p2c"],
  },
  debertaOfOld: {
    model_type: "deberta",
    relative_attention: true,
    position_biased_input: false,
    pos_att_type: "c2p|p2c",
  },
  modernbert: { model_type: "modernbert", local_attention: 16 },
  modernbertMean: { model_type: "modernbert", local_attention: 16, classifier_pooling: "mean" },
};

/** Type and sizes of a model by the names of its `config.json`, for those that differ from a small BERT's. */
export function randomConfig(sizes: ConfigChanges = {}): ModelConfig {
  return readConfig({
    model_type: "bert",
    vocab_size: 997,
    hidden_size: 32,
    num_hidden_layers: 3,
    num_attention_heads: 2,
    intermediate_size: 64,
    max_position_embeddings: 64,
    initializer_range: 0.15,
    ...sizes,
  });
}

/** The same for a pre-norm model with another head, of the family that tests plant; it keeps three layers as well. */
export function preNormConfig(sizes: Record<string, number> = {}): ModelConfig {
  return configOf(parsnip, {
    words: 997,
    width: 32,
    blocks: 3,
    attention_heads: 2,
    inner_width: 64,
    longest: 64,
    norm_epsilon: 1e-6,
    drop: 0.1,
    attention_drop: 0.1,
    head_drop: 0.1,
    initializer_range: 0.15,
    ...sizes,
  });
}

/** Gives parameters that start as zeros, such as LoRA's matrices B, other values. */
export function setRandomly(parameters: readonly Parameter[]): void {
  for (const parameter of parameters) {
    const { size, shape } = parameter.value;
    const previous = parameter.value;
    const values = Float32Array.from({ length: size }, (_, i) => 0.5 * Math.sin(1 + i));
    parameter.value = tensor(values, shape);
    previous.dispose();
  }
}

const nothing = { tensors: new Map(), read: () => Promise.reject(new Error("Nothing is read of no checkpoint.")) };

/** The parameters of a classifier of three classes, on the running backend: random, but taken for a checkpoint's. */
async function randomParameters(config: ModelConfig, pooling: Pooling): Promise<Parameter[]> {
  const start = { classes: 3, classifierRows: null, reinitializeFrom: 0, seed: 7, pooling };
  const { parameters } = await loadParameters(config, nothing, start);
  return parameters.map((parameter) => ({ ...parameter, startsNew: false }));
}

interface RandomOptions {
  pooling?: Pooling;
  lowRank?: LowRankOptions | null;
  /** Classes of an earlier task's classifier beside the new one; 0 for none. */
  earlierClasses?: number;
}

/** A classifier of three classes that was never trained. */
export async function randomClassifier(
  config: ModelConfig,
  { pooling = "pooler", lowRank = null, earlierClasses = 0 }: RandomOptions = {},
): Promise<Classifier> {
  const parameters = await randomParameters(config, pooling);
  if (earlierClasses > 0) {
    const { weight, bias } = pair(config.names.classifier);
    const shapes: Record<string, number[]> = {
      [weight]: [earlierClasses, config.hiddenSize],
      [bias]: [earlierClasses],
    };
    const tensors = new Map(Object.entries(shapes).map(([name, shape]) => [name, { shape, dtype: "F32" }]));
    const read = (name: string) => Promise.resolve(new Float32Array((shapes[name] ?? []).reduce((a, b) => a * b, 1)));
    parameters.push(...(await loadEarlierClassifier(config, { tensors, read }, earlierClasses)));
  }
  return new Classifier(config, parameters, pooling, lowRank && createLowRank(config, lowRank));
}

/** A language model that was never trained. */
export async function randomLanguageModel(config: ModelConfig): Promise<LanguageModel> {
  const parameters = await randomParameters(config, "cls");
  const encoder = parameters.filter(({ ofHead }) => !ofHead);
  for (const { ofHead, value } of parameters) if (ofHead) value.dispose();
  return new LanguageModel(config, encoder, await loadLanguageHead(config, nothing, 7));
}
