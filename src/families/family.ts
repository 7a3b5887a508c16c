import type { ModelConfig } from "../model/config.ts";
import type { LowRankTarget } from "../model/low-rank.ts";
import type { HeadPart, ParameterNames } from "../model/names.ts";
import type { VocabularyForm } from "../tokenize/from-vocabulary/vocabulary-form.ts";

/** A parsed config.json. */
export type ConfigFile = Record<string, unknown>;

/** What one checkpoint's config.json says of its model; the rest is the same in the whole family. */
type CheckpointConfig = Omit<ModelConfig, "family" | "names" | "trainsBesideLowRank">;

/** Learning rates to fine-tune all weights of a family at, within what `source` published. */
interface PublishedRates {
  /** Below a hidden size of 1,024. */
  base: number;
  large: number;
  source: string;
}

/**
 * A family of checkpoints: how its files say what model to build from `model/`, and how a trained one is written again.
 * A family is a folder here and a line in `registry.ts`.
 */
export interface Family {
  /** `model_type` in config.json, e.g. "bert". */
  type: string;
  /** The name in sentences, e.g. "BERT". */
  label: string;
  /** Well-known checkpoints, as a sentence names them after "e.g."; the first stands alone where there is little room. */
  examples: string;
  /** Rates that its authors fine-tuned it with. */
  rates: PublishedRates;
  /** Its classes in transformers. */
  classes: { encoder: string; classifier: string; others: readonly string[] };
  /** Class of the tokenizer where a checkpoint comes without tokenizer_config.json. */
  tokenizerClass: string;
  /** How its tokenizer is built from vocabulary files where there is no tokenizer.json; BERT's way where not given. */
  vocabulary?: VocabularyForm;
  /** Whether its tokenizers give segment types in transformers, whatever their template says; they do where not given. */
  readsSegmentTypes?: boolean;
  /** Whether a config.json without `model_type` is of this family, by its architecture or its other fields. */
  claims(file: ConfigFile, architecture: string | null): boolean;
  /** Reads sizes and options. Throws a Problem for values that no model here can have. */
  readConfig(file: ConfigFile): CheckpointConfig;
  /** Fields that an exported config.json gets so that all versions of transformers read it; none where not given. */
  exportedFields?(file: ConfigFile): ConfigFile;
  names: ParameterNames;
  /** Prefixes of the tensors of other heads; null for heads that the family does not have. */
  heads: { languageModel: string; nextSentence: string | null; questionAnswering: string };
  /** What differs in a classifier of tokens from that of texts; nothing where not given. */
  tokenHead?: {
    /** The name of its classifier. */
    classifier?: string;
    /** Where its dropout is that of hidden states. */
    dropout?: "hidden";
    /** Whether it reads through the other layers of the head of texts too; it is one linear layer where not given. */
    readsThroughHead?: true;
  };
  /** Whether a stored tensor of transformers' model is no weight, so that it is left out. */
  isBuffer(name: string): boolean;
  /** Parts of the head that train beside LoRA's matrices, as PEFT trains them in classifiers of sequences. */
  trainsBesideLowRank: readonly HeadPart[];
  /**
   * Modules as PEFT's adapter_config.json names them: PEFT takes every module whose name ends so. `pooler` and
   * `classifier` may be one module that holds both.
   */
  adapter: { targets(target: LowRankTarget, layers: number): string[]; pooler: string; classifier: string };
}

/** What to build for a checkpoint. Throws a Problem for a config.json whose values no model here can have. */
export function configOf(family: Family, file: ConfigFile): ModelConfig {
  const { type, names, trainsBesideLowRank } = family;
  return { family: type, names, trainsBesideLowRank, ...family.readConfig(file) };
}
