import { architectureOf } from "../io/weight-files.ts";
import type { Tensors } from "../model/checkpoint.ts";
import { pair, poolerWords } from "../model/names.ts";
import type { Pooling } from "../model/config.ts";
import { classNames } from "./class-names.ts";
import type { Family } from "./family.ts";

/** What a checkpoint is for; "none" is an encoder without a head, "unknown" a head that nothing here can compute. */
export type HeadKind =
  | "single-label"
  | "multi-label"
  | "regression"
  | "token-classification"
  | "masked-lm"
  | "next-sentence"
  | "question-answering"
  | "multiple-choice"
  | "unknown"
  | "none";

export interface ModelHead {
  kind: HeadKind;
  /** Names of the head's outputs where it classifies texts or tokens. */
  classes: string[] | null;
  /** Why the head cannot score texts, a sentence; null where it can, by classes of each text or of its words, or by a number. */
  obstacle: string | null;
}

/**
 * What the head of a checkpoint is for, by `architectures` and `problem_type` of config.json and by the tensors that
 * are there. What config.json names but the weights lack does not count.
 *
 * @param config parsed config.json
 * @param source tensors, no wrapper's prefix before their names
 */
export function headOf(family: Family, config: unknown, source: Tensors, pooling: Pooling): ModelHead {
  const json: Record<string, unknown> = typeof config === "object" && config !== null ? { ...config } : {};
  const architecture = architectureOf(config);
  const parts = headPartsOf(family, source, pooling);
  const kind = kindByName(architecture, parts) ?? kindByTensors(family, architecture, parts);
  const isText = kind === "text";
  const outputs = kind === "token-classification" ? parts.tokenOutputs : parts.outputs;
  const classes = (isText || kind === "token-classification") && outputs !== null ? classNames(config, outputs) : null;
  if (kind === "token-classification")
    return { kind, classes: classes?.names ?? null, obstacle: classes?.fault ?? null };
  if (!isText) return { kind, classes: null, obstacle: obstacles[kind](architecture) };
  const ofText = textKind(json.problem_type, architecture, outputs ?? 0);
  const obstacle = ofText === "regression" && outputs !== 1 ? severalNumbers(architecture) : (classes?.fault ?? null);
  return { kind: ofText, classes: classes?.names ?? null, obstacle: parts.canPool ? obstacle : noPooler(family) };
}

/** The classes of a head that gives each text one of them; null of any other, and of one that cannot score. */
export function ownClassNames({ kind, classes, obstacle }: ModelHead): string[] | null {
  return kind === "single-label" && obstacle === null ? classes : null;
}

/** Whether a head gives words one of its classes, whether or not it can score them. */
export function labelsWords({ kind }: ModelHead): boolean {
  return kind === "token-classification";
}

/** Whether a head gives texts one class or several, whether or not it can score them. */
export function givesClasses({ kind }: ModelHead): boolean {
  return kind === "single-label" || kind === "multi-label";
}

/** What a person who trains should know: that the checkpoint was made for something else; null for nothing. */
export function headNote({ kind, obstacle }: ModelHead): string | null {
  if (kind === "regression" && obstacle === null) {
    return "The checkpoint gives a number per text. Training on such a number starts with its head, on anything else with a new one.";
  }
  if (kind === "multi-label" && obstacle === null) {
    return "The checkpoint gives several labels per text. Training on the same labels starts with its classifier, on anything else with a new one.";
  }
  if (kind === "token-classification" && obstacle === null) {
    return "The checkpoint labels words. Training on the same tags starts with its classifier, on anything else with a new one.";
  }
  if (obstacle === null || kind === "none" || kind === "masked-lm") return null;
  return `${obstacle} Training uses its encoder, with a new classifier.`;
}

interface Parts {
  /** Rows of the classifier of texts; null where there is none. */
  outputs: number | null;
  /** The same of the classifier of tokens, which may be the same one. */
  tokenOutputs: number | null;
  /** Whether what the classifier reads is there. */
  canPool: boolean;
  hasLanguageHead: boolean;
  hasNextSentence: boolean;
  hasQuestionAnswering: boolean;
  /** Whether there are tensors that belong to no class of transformers. */
  hasOthers: boolean;
}

function headPartsOf(family: Family, source: Tensors, pooling: Pooling): Parts {
  const { names, heads } = family;
  const stored = [...source.tensors.keys()];
  const canonical = new Set(stored.map((name) => names.canonical(name)));
  const has = (module: string) =>
    canonical.has(pair(module).weight) && (names.lacksBias?.(module) === true || canonical.has(pair(module).bias));
  const begins = (prefix: string | null) => prefix !== null && stored.some((name) => name.startsWith(prefix));
  const { classifier, pooler } = names;
  const tokenClassifier = family.tokenHead?.classifier ?? classifier;
  const prefixes = [...Object.values(heads), `${tokenClassifier}.`];
  const isOfHead = (name: string) => prefixes.some((prefix) => prefix !== null && name.startsWith(prefix));
  const outputsOf = (module: string) => source.tensors.get(pair(module).bias)?.shape[0] ?? null;
  const outputs = has(classifier) ? outputsOf(classifier) : null;
  return {
    outputs,
    tokenOutputs: tokenClassifier === classifier ? outputs : outputsOf(tokenClassifier),
    canPool: pooling !== "pooler" || has(pooler),
    hasLanguageHead: begins(heads.languageModel),
    hasNextSentence: begins(heads.nextSentence),
    hasQuestionAnswering: begins(heads.questionAnswering),
    hasOthers: stored.some((name) => names.canonical(name) === null && !isOfHead(name) && !family.isBuffer(name)),
  };
}

/** "text" stands for every head over whole texts, whose kind its outputs decide. */
type ByName = Exclude<HeadKind, "single-label" | "multi-label" | "regression"> | "text";

/** By the architecture named, where its head is there; else null. */
function kindByName(architecture: string | null, parts: Parts): ByName | null {
  if (architecture === null) return null;
  const named = (pattern: RegExp, isThere: boolean) => pattern.test(architecture) && isThere;
  const [ofTexts, ofTokens] = [parts.outputs !== null, parts.tokenOutputs !== null];
  if (named(/TokenClassification/, ofTokens)) return "token-classification";
  if (named(/MultipleChoice/, ofTokens)) return "multiple-choice";
  if (named(/SequenceClassification/, ofTexts)) return "text";
  if (named(/QuestionAnswering/, parts.hasQuestionAnswering)) return "question-answering";
  if (named(/MaskedLM|PreTraining|LMHead/, parts.hasLanguageHead)) return "masked-lm";
  if (named(/NextSentence/, parts.hasNextSentence)) return "next-sentence";
  return null;
}

/** By the tensors alone: a classifier without a pooler is that of a token classifier. */
function kindByTensors({ classes }: Family, architecture: string | null, parts: Parts): ByName {
  const known = [classes.encoder, classes.classifier, ...classes.others];
  const hasClassifier = parts.outputs !== null || parts.tokenOutputs !== null;
  if (architecture !== null && !known.includes(architecture) && (parts.hasOthers || hasClassifier)) {
    return "unknown";
  }
  if (parts.outputs !== null) return parts.canPool ? "text" : "token-classification";
  if (parts.tokenOutputs !== null) return "token-classification";
  if (parts.hasQuestionAnswering) return "question-answering";
  if (parts.hasLanguageHead) return "masked-lm";
  if (parts.hasNextSentence) return "next-sentence";
  return "none";
}

function textKind(problem: unknown, architecture: string | null, outputs: number): HeadKind {
  if (problem === "regression") return "regression";
  if (problem === "multi_label_classification") return "multi-label";
  if (outputs === 1) return "regression";
  const isNamedSo = typeof problem !== "string" && /multi.?label/i.test(architecture ?? "");
  return isNamedSo ? "multi-label" : "single-label";
}

const noPooler = ({ names }: Family) =>
  `The checkpoint has a classifier but no ${poolerWords(names)} for it to read: its weights would be random.`;

const named = (architecture: string | null) => (architecture === null ? "" : ` (${architecture})`);
type WithObstacle = Exclude<HeadKind, "single-label" | "multi-label" | "regression" | "token-classification">;
const severalNumbers = (name: string | null) => `The checkpoint gives several numbers per text, not one${named(name)}.`;
const obstacles: Record<WithObstacle, (architecture: string | null) => string> = {
  "masked-lm": (name) => `The checkpoint is a masked language model without a classifier${named(name)}.`,
  "next-sentence": (name) => `The checkpoint judges whether a sentence follows another${named(name)}.`,
  "question-answering": (name) => `The checkpoint finds answers within texts${named(name)}.`,
  "multiple-choice": (name) => `The checkpoint chooses between several texts${named(name)}.`,
  unknown: (name) => `The checkpoint has a head that is not known here${named(name)}.`,
  none: (name) => `The checkpoint has no classifier${named(name)}.`,
};
