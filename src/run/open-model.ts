import type { TextLimit } from "../data/text-limit.ts";
import type { ByteSource } from "../io/byte-source.ts";
import { collectModelFiles, type ModelFiles } from "../io/model-files.ts";
import { readTensor } from "../io/safetensors.ts";
import { configOf, type Family } from "../families/family.ts";
import { headNote, headOf, labelsWords, ownClassNames, type ModelHead } from "../families/head-kind.ts";
import { familyOf, transformersClasses } from "../families/registry.ts";
import { unwrapped } from "../families/unwrap.ts";
import { Classifier } from "../model/classifier.ts";
import { inspectCheckpoint, loadParameters, poolerTensors } from "../model/checkpoint.ts";
import { loadEarlierClassifier } from "../model/earlier-classifier.ts";
import { sizesOf, type ModelConfig, type ModelSizes, type Pooling } from "../model/config.ts";
import { createLowRank, type LowRankOptions } from "../model/low-rank.ts";
import { hasLanguageHead } from "../model/language-head.ts";
import { pair } from "../model/names.ts";
import type { TextSteps } from "../recipe/cleaning-steps.ts";
import type { Recipe } from "../recipe/recipe.ts";
import { builtTokenizer } from "./built-tokenizer.ts";
import { refuseHead } from "./own-classes.ts";
import { sentenceNote, sentencePooling } from "./sentence-encoder.ts";
import { tokenModel } from "./token-model.ts";
import { trainedCleaning } from "./trained-cleaning.ts";
import { trainedLimit } from "./trained-limit.ts";
import { keptOutputs, outputsFor } from "../tasks/kept-head.ts";
import type { TrainedTask } from "../tasks/task.ts";
import { defaultTrainedTask } from "../tasks/trained-tasks.ts";
import { textVocabulary } from "../tokenize/text-vocabulary.ts";
import type { Rates } from "../train/trainable.ts";
import { parseObject } from "../io/json-object.ts";
import { withStatedSettings } from "../tokenize/normalizer.ts";
import { checkTokenIds, createTokenizer, type TokenizerFiles } from "../tokenize/tokenizer.ts";

/** What the page shows of a checkpoint. */
export interface ModelSummary extends ModelSizes {
  name: string;
  parameters: number;
  dtype: string;
  /** Bytes of the weights. */
  bytes: number;
  /** Class names of a classifier that came with the checkpoint and gives each text one class, or null. */
  labelNames: string[] | null;
  /** What the checkpoint is for. */
  head: ModelHead;
  /** What that classifier sees of a row. */
  pooling: Pooling;
  hasPooler: boolean;
  /**
   * What fills in masked words: the checkpoint's own head of a masked language model or a new one; "missing" where the
   * checkpoint has none and its family makes none; null where the tokenizer has no mask token, so that none can be hidden.
   */
  languageHead: "checkpoint" | "new" | "missing" | null;
  /** E.g. ignored tensors, a missing pooler; may be empty. */
  notes: string[];
  /** Licence and origin of the starter model; "" for a person's own. */
  licence: string;
  lowercase: boolean;
  /** What sentence-transformers pooled by in training the checkpoint, where it did and a recipe can have it; else null. */
  sentencePooling: Pooling | null;
  /** How its own classifier reads texts: as in the run that trained it. */
  limit: TextLimit;
  /** What that run did to texts before it read them; not given where that is nothing. */
  cleaning?: TextSteps;
}

/** A checkpoint whose parts fit together; its weights are still in the file. */
export interface OpenedModel {
  files: ModelFiles;
  family: Family;
  config: ModelConfig;
  tokenizer: TokenizerFiles;
  summary: ModelSummary;
}

/** What of a checkpoint its weights are loaded from. */
export interface LoadableModel {
  config: ModelConfig;
  files: Pick<ModelFiles, "weights">;
  summary: Pick<ModelSummary, "name" | "labelNames" | "head">;
}

/** Opens and checks a checkpoint without reading its weights. Throws a Problem that says what does not fit. */
export async function openModel(sources: readonly ByteSource[], licence = ""): Promise<OpenedModel> {
  const found = await collectModelFiles(sources, transformersClasses, familyOf);
  const family = familyOf(found.config);
  const config = configOf(family, { ...(found.config as object) });
  const { tensors, prefix } = unwrapped(family, found.weights.tensors);
  const files = { ...found, weights: { ...found.weights, tensors } };
  const classes = tensors.get(pair(family.names.classifier).bias)?.shape[0] ?? 2;
  const { parameters, notes } = inspectCheckpoint(config, files.weights, classes);
  const built = files.tokenizerJson === null ? await builtTokenizer(files, family) : null;
  const tokenizer = {
    tokenizerJson: built?.tokenizerJson ?? files.tokenizerJson ?? "",
    tokenizerConfigJson: files.tokenizerConfigJson ?? "{}",
    segmentTypes: family.readsSegmentTypes === false ? 0 : config.typeVocabularySize,
  };
  const opened = createTokenizer(tokenizer);
  checkTokenIds(opened, config.vocabularySize);
  const settled = withStatedSettings(
    parseObject(tokenizer.tokenizerJson, "tokenizer.json"),
    parseObject(tokenizer.tokenizerConfigJson, "tokenizer_config.json"),
  );
  const head = headOf(family, files.config, files.weights, config.pooling);
  const own = ownClassNames(head);
  const cleaning = trainedCleaning(files.config, files.recipeJson);
  const summary: ModelSummary = {
    ...sizesOf(config),
    name: files.name,
    parameters,
    dtype: dtypesOf(tensors),
    bytes: [...tensors.values()].reduce((sum, { start, end }) => sum + end - start, 0),
    labelNames: own,
    head,
    pooling: config.pooling,
    hasPooler: poolerTensors(family.names, files.weights).size > 0,
    languageHead: languageHeadOf(config, files, tokenizer),
    notes: [
      ...found.notes,
      ...(built === null ? [] : [built.note]),
      ...startNotes(family, files.config, prefix, settled.overridden),
      ...(found.sentence ? [sentenceNote(found.sentence)] : []),
      ...[headNote(head)].filter((note) => note !== null),
      ...notes,
    ],
    licence,
    lowercase: lowercases(JSON.stringify(settled.json.normalizer ?? null)),
    sentencePooling: files.sentence && sentencePooling(files.sentence),
    limit: trainedLimit(files.config, files.recipeJson, config.maxPositions),
    ...(cleaning && { cleaning }),
  };
  return { files, family, config, tokenizer, summary };
}

/** What of a recipe decides how a model starts. */
export type StartSettings = Pick<Recipe, "start" | "reinitializeLayers" | "pooling" | "seed"> & {
  /** Keeps the checkpoint's own classifier beside the new one, as that of an earlier task. */
  keepsEarlier?: boolean;
  /** What the head is trained for, with what that knows of the rows; one class per text where not given. */
  trained?: TrainedTask;
  /** Width of the head; as many as there are names where not given. */
  outputs?: number;
};

/**
 * Reads the weights onto the running backend as a classifier of these classes. The checkpoint's own classifier is
 * kept where it is for the same task and the same labels, in whatever order, and sees rows pooled in the same way; else a
 * new one starts from the seed. With re-initialized layers pooler and classifier are re-initialized too (Zhang et al. 2021,
 * section 5). With `lowRank` LoRA's matrices stand beside the weights. Without settings the checkpoint is loaded as it
 * is, to score texts; then a Problem is thrown where its head cannot: nothing is scored by random weights.
 */
export async function loadClassifier(
  opened: LoadableModel,
  labelNames: readonly string[],
  settings?: StartSettings,
  onProgress?: (done: number, total: number) => void,
  lowRank: LowRankOptions | null = null,
): Promise<Classifier> {
  const labelsTokens = settings === undefined && labelsWords(opened.summary.head);
  const { files, config, summary } = labelsTokens ? tokenModel(opened) : opened;
  const asItIs = { start: "checkpoint", reinitializeLayers: 0, pooling: config.pooling, seed: 0 } as const;
  const {
    start,
    reinitializeLayers,
    pooling: ofRows,
    seed,
    keepsEarlier,
    trained = defaultTrainedTask,
    outputs = labelNames.length,
  }: StartSettings = settings ?? asItIs;
  // The head of a classifier of tokens reads no rows.
  const pooling = config.asksTokens ? config.pooling : ofRows;
  if (settings === undefined) refuseHead(summary);
  const own = settings === undefined ? summary.head.classes : outputsFor(trained, summary.head);
  const isSame = pooling === config.pooling && outputs === labelNames.length;
  const rows = isSame ? keptOutputs(own, labelNames) : null;
  if (settings === undefined && rows === null)
    throw new Error("The classes to score are not those of the checkpoint's head.");
  const source = { tensors: files.weights.tensors, read: (name: string) => readTensor(files.weights, name) };
  const reinitializeFrom = start === "random" ? 0 : Math.max(1, config.layers + 1 - reinitializeLayers);
  const earlier = keepsEarlier ? await loadEarlierClassifier(config, source, summary.labelNames?.length ?? 2) : [];
  const { parameters } = await loadParameters(config, source, {
    ...((start === "random" || reinitializeLayers > 0) && { reinitializeFrom }),
    classes: outputs,
    classifierRows: rows,
    classifierUnits: trained.exported,
    seed,
    pooling,
    ...(onProgress && { onProgress }),
  }).catch((error: unknown) => {
    for (const { value } of earlier) value.dispose();
    throw error;
  });
  const all = [...parameters, ...earlier];
  return new Classifier(config, all, pooling, lowRank && createLowRank(config, lowRank));
}

/** Dropout rates of a checkpoint's config. */
export function ratesOf({ hiddenDropout, attentionDropout, classifierDropout }: ModelConfig): Rates {
  return { hidden: hiddenDropout, attention: attentionDropout, classifier: classifierDropout };
}

/** What was read otherwise than it is written. */
function startNotes({ label }: Family, config: unknown, prefix: string, overridden: readonly string[]): string[] {
  const hasType = typeof config === "object" && config !== null && "model_type" in config;
  return [
    ...(hasType
      ? []
      : [`config.json has no model_type: by its other fields the checkpoint is of the family ${label}.`]),
    ...(prefix === "" ? [] : [`The prefix “${prefix}” before the names of tensors was taken off.`]),
    ...overridden.map(
      (setting) =>
        `tokenizer_config.json and tokenizer.json differ in ${setting}: the first decides, as in transformers.`,
    ),
  ];
}

function languageHeadOf(
  config: ModelConfig,
  { weights }: ModelFiles,
  tokenizer: TokenizerFiles,
): ModelSummary["languageHead"] {
  if (textVocabulary(tokenizer, config.vocabularySize).maskId === null) return null;
  if (hasLanguageHead(config, weights)) return "checkpoint";
  return config.makesLanguageHead === false ? "missing" : "new";
}

function dtypesOf(tensors: ReadonlyMap<string, { dtype: string }>): string {
  const names: Record<string, string> = { F32: "float32", F16: "float16", BF16: "bfloat16", F64: "float64" };
  const floating = [...tensors.values()].map(({ dtype }) => names[dtype]).filter((name) => name !== undefined);
  return [...new Set(floating)].join(", ");
}

function lowercases(normalizer: string): boolean {
  return /"(lowercase|do_lower_case)":\s*true|"type":\s*"Lowercase"/.test(normalizer);
}
