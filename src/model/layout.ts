import type { BertConfig } from "./config.ts";
import type { Pooling } from "./pooling.ts";

/** A parameter before it has values: where it stands in a checkpoint, and what it starts as when it is not there. */
export interface ParameterSpec {
  /** Hugging Face names of the parts packed along the first axis. */
  parts: string[];
  /** Shape of one part, as in the checkpoint. */
  partShape: number[];
  decays: boolean;
  level: number;
  /** What it holds when it starts anew. */
  initial: "normal" | "zeros" | "ones";
  /** True where the checkpoint must have it. */
  required: boolean;
}

/** Names of one dense layer or LayerNorm. */
const pair = (prefix: string) => ({ weight: `${prefix}.weight`, bias: `${prefix}.bias` });

/** Names of an encoder layer's weights; the structure is that of transformers' `BertLayer`. */
export function layerNames(layer: number) {
  const prefix = `bert.encoder.layer.${layer}`;
  const qkv = ["query", "key", "value"].map((part) => pair(`${prefix}.attention.self.${part}`));
  return {
    qkv: { weight: qkv.map((part) => part.weight), bias: qkv.map((part) => part.bias) },
    attentionOutput: pair(`${prefix}.attention.output.dense`),
    attentionNorm: pair(`${prefix}.attention.output.LayerNorm`),
    intermediate: pair(`${prefix}.intermediate.dense`),
    output: pair(`${prefix}.output.dense`),
    outputNorm: pair(`${prefix}.output.LayerNorm`),
  };
}

export const embeddingNames = {
  word: "bert.embeddings.word_embeddings.weight",
  position: "bert.embeddings.position_embeddings.weight",
  type: "bert.embeddings.token_type_embeddings.weight",
  norm: pair("bert.embeddings.LayerNorm"),
};

export const poolerNames = pair("bert.pooler.dense");
export const classifierNames = pair("classifier");

/** The sizes of a model that decide the shapes of all its weights and activations. */
export type ModelSizes = Pick<
  BertConfig,
  "vocabularySize" | "hiddenSize" | "layers" | "heads" | "intermediateSize" | "maxPositions" | "typeVocabularySize"
>;

/**
 * Every parameter of a `BertForSequenceClassification`, in the order of the checkpoint; without the pooler where the
 * classifier does not read it.
 */
export function parameterLayout(config: ModelSizes, classes: number, pooling: Pooling): ParameterSpec[] {
  const { hiddenSize: hidden, intermediateSize: inner, layers } = config;
  const specs: ParameterSpec[] = [];
  const add = (parts: string[], partShape: number[], level: number, initial?: ParameterSpec["initial"]) => {
    const isMatrix = partShape.length > 1;
    const required = level <= layers;
    specs.push({
      parts,
      partShape,
      level,
      initial: initial ?? (isMatrix ? "normal" : "zeros"),
      required,
      decays: isMatrix,
    });
  };
  const dense = (names: { weight: string; bias: string }, shape: [number, number], level: number) => {
    add([names.weight], shape, level);
    add([names.bias], [shape[0]], level);
  };
  const norm = (names: { weight: string; bias: string }, level: number) => {
    add([names.weight], [hidden], level, "ones");
    add([names.bias], [hidden], level);
  };

  add([embeddingNames.word], [config.vocabularySize, hidden], 0);
  add([embeddingNames.position], [config.maxPositions, hidden], 0);
  add([embeddingNames.type], [config.typeVocabularySize, hidden], 0);
  norm(embeddingNames.norm, 0);
  for (let layer = 0; layer < layers; layer++) {
    const names = layerNames(layer);
    add(names.qkv.weight, [hidden, hidden], layer + 1);
    add(names.qkv.bias, [hidden], layer + 1);
    dense(names.attentionOutput, [hidden, hidden], layer + 1);
    norm(names.attentionNorm, layer + 1);
    dense(names.intermediate, [inner, hidden], layer + 1);
    dense(names.output, [hidden, inner], layer + 1);
    norm(names.outputNorm, layer + 1);
  }
  if (pooling === "pooler") {
    add([poolerNames.weight], [hidden, hidden], layers + 1);
    add([poolerNames.bias], [hidden], layers + 1);
  }
  add([classifierNames.weight], [classes, hidden], layers + 1);
  add([classifierNames.bias], [classes], layers + 1);
  return specs;
}

/**
 * The name a checkpoint's tensor has in `BertForSequenceClassification`, or null for one that is not part of it:
 * bare `BertModel`s lack the "bert." prefix, old ones call LayerNorm's weights gamma and beta, and language-model
 * heads (`cls.*`) and `position_ids` are not used.
 */
export function canonicalName(name: string): string | null {
  const modern = name.replace(/LayerNorm\.gamma$/, "LayerNorm.weight").replace(/LayerNorm\.beta$/, "LayerNorm.bias");
  if (/(^|\.)embeddings\.position_ids$/.test(modern) || modern.startsWith("cls.")) return null;
  if (/^(embeddings|encoder|pooler)\./.test(modern)) return `bert.${modern}`;
  return /^(bert\.(embeddings|encoder|pooler)\.|classifier\.(weight|bias)$)/.test(modern) ? modern : null;
}
