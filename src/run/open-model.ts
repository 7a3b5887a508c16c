import type { ByteSource } from "../io/byte-source.ts";
import { collectModelFiles, type ModelFiles } from "../io/model-files.ts";
import { readTensor } from "../io/safetensors.ts";
import { BertClassifier } from "../model/bert.ts";
import { inspectCheckpoint, loadParameters } from "../model/checkpoint.ts";
import { loadEarlierClassifier } from "../model/earlier-classifier.ts";
import { parseBertConfig, type BertConfig } from "../model/config.ts";
import { createLowRank, type LowRankOptions } from "../model/low-rank.ts";
import { hasMaskedLmHead } from "../model/masked-lm-head.ts";
import type { Pooling } from "../model/pooling.ts";
import type { Recipe } from "../recipe/recipe.ts";
import { Problem } from "../problem/problem.ts";
import { maskingVocabulary } from "../tokenize/masking-vocabulary.ts";
import type { Rates } from "../train/trainable.ts";
import { checkTokenIds, createTokenizer, type TokenizerFiles } from "../tokenize/tokenizer.ts";

/** What the page shows of a checkpoint. */
export interface ModelSummary {
  name: string;
  layers: number;
  hiddenSize: number;
  heads: number;
  intermediateSize: number;
  parameters: number;
  dtype: string;
  vocabularySize: number;
  typeVocabularySize: number;
  maxPositions: number;
  /** Bytes of the weights. */
  bytes: number;
  /** Class names of a classifier that came with the checkpoint, or null. */
  labelNames: string[] | null;
  /** What that classifier sees of a row. */
  pooling: Pooling;
  /**
   * What fills in hidden words: the checkpoint's own head of a masked language model or a new one; null where the
   * tokenizer has no mask token, so that none can be hidden.
   */
  languageHead: "checkpoint" | "new" | null;
  /** E.g. ignored tensors, a missing pooler; may be empty. */
  notes: string[];
  /** Licence and origin of the starter model; "" for a person's own. */
  licence: string;
  lowercase: boolean;
}

/** A checkpoint whose parts fit together; its weights are still in the file. */
export interface OpenedModel {
  files: ModelFiles;
  config: BertConfig;
  tokenizer: TokenizerFiles;
  summary: ModelSummary;
}

/** Opens and checks a checkpoint without reading its weights. Throws a Problem that says what does not fit. */
export async function openModel(sources: readonly ByteSource[], licence = ""): Promise<OpenedModel> {
  const files = await collectModelFiles(sources);
  const config = parseBertConfig(files.config);
  const { tensors } = files.weights;
  const classes = tensors.get("classifier.bias")?.shape[0] ?? 2;
  const { parameters, hasClassifier, notes } = inspectCheckpoint(config, files.weights, classes);
  const tokenizer = {
    tokenizerJson: files.tokenizerJson,
    tokenizerConfigJson: files.tokenizerConfigJson ?? "{}",
  };
  const opened = createTokenizer(tokenizer);
  checkTokenIds(opened, config.vocabularySize);
  const own = hasClassifier && config.labelNames?.length === classes ? config.labelNames : null;
  const summary: ModelSummary = {
    name: files.name,
    layers: config.layers,
    hiddenSize: config.hiddenSize,
    heads: config.heads,
    intermediateSize: config.intermediateSize,
    parameters,
    dtype: dtypesOf(tensors),
    vocabularySize: config.vocabularySize,
    typeVocabularySize: config.typeVocabularySize,
    maxPositions: config.maxPositions,
    bytes: [...tensors.values()].reduce((sum, { start, end }) => sum + end - start, 0),
    labelNames: own,
    pooling: config.pooling,
    languageHead: languageHeadOf(config, files, tokenizer),
    notes,
    licence,
    lowercase: lowercases(files.tokenizerJson),
  };
  return { files, config, tokenizer, summary };
}

/** What of a recipe decides how a model starts. */
export type StartSettings = Pick<Recipe, "start" | "reinitializeLayers" | "pooling" | "seed"> & {
  /** Keeps the checkpoint's own classifier beside the new one, as that of an earlier task. */
  keepsEarlier?: boolean;
};

/**
 * Reads the weights onto the running backend as a classifier of these classes. The checkpoint's own classifier is
 * kept where it tells the same classes apart, in whatever order, and sees rows pooled in the same way; else a new one
 * starts from the seed. Layers that the recipe starts anew take pooler and classifier with them (Zhang et al. 2021,
 * section 5). With `lowRank` LoRA's matrices stand beside the weights. Without settings the checkpoint is loaded as it
 * is.
 */
export async function loadClassifier(
  { files, config, summary }: OpenedModel,
  labelNames: readonly string[],
  settings?: StartSettings,
  onProgress?: (done: number, total: number) => void,
  lowRank: LowRankOptions | null = null,
): Promise<BertClassifier> {
  const asItIs = { start: "checkpoint", reinitializeLayers: 0, pooling: config.pooling, seed: 0 } as const;
  const { start, reinitializeLayers, pooling, seed, keepsEarlier }: StartSettings = settings ?? asItIs;
  const own = summary.labelNames;
  const rows = labelNames.map((name) => own?.indexOf(name) ?? -1);
  const same = own?.length === labelNames.length && rows.every((row) => row >= 0) && pooling === config.pooling;
  const source = { tensors: files.weights.tensors, read: (name: string) => readTensor(files.weights, name) };
  const firstAnew = start === "random" ? 0 : Math.max(1, config.layers + 1 - reinitializeLayers);
  const earlier = keepsEarlier ? await loadEarlierClassifier(config, source, own?.length ?? 2) : [];
  const { parameters } = await loadParameters(config, source, {
    ...((start === "random" || reinitializeLayers > 0) && { anewFrom: firstAnew }),
    classes: labelNames.length,
    classifierRows: same ? rows : null,
    seed,
    pooling,
    ...(onProgress && { onProgress }),
  }).catch((error: unknown) => {
    for (const { value } of earlier) value.dispose();
    throw error;
  });
  const all = [...parameters, ...earlier];
  return new BertClassifier(config, all, pooling, lowRank && createLowRank(config, lowRank));
}

/** Dropout rates of a checkpoint's config. */
export function ratesOf({ hiddenDropout, attentionDropout, classifierDropout }: BertConfig): Rates {
  return { hidden: hiddenDropout, attention: attentionDropout, classifier: classifierDropout };
}

function languageHeadOf(
  config: BertConfig,
  { weights }: ModelFiles,
  tokenizer: TokenizerFiles,
): ModelSummary["languageHead"] {
  try {
    maskingVocabulary(tokenizer, config.vocabularySize);
  } catch (error) {
    if (error instanceof Problem) return null;
    throw error;
  }
  return hasMaskedLmHead(config, weights) ? "checkpoint" : "new";
}

function dtypesOf(tensors: ReadonlyMap<string, { dtype: string }>): string {
  const names: Record<string, string> = { F32: "float32", F16: "float16", BF16: "bfloat16", F64: "float64" };
  const floating = [...tensors.values()].map(({ dtype }) => names[dtype]).filter((name) => name !== undefined);
  return [...new Set(floating)].join(", ");
}

function lowercases(tokenizerJson: string): boolean {
  return /"(lowercase|do_lower_case)":\s*true|"type":\s*"Lowercase"/.test(tokenizerJson);
}
