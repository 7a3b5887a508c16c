import type { SentenceModules } from "../io/sentence-transformers.ts";
import type { Pooling } from "../model/config.ts";

/** The way of pooling by its names in sentence-transformers' files, where it is one that can be chosen here. */
const poolings: Record<string, Pooling> = { cls: "cls", cls_token: "cls", mean: "mean", mean_tokens: "mean" };

const words: Partial<Record<Pooling, string>> = { cls: "the first token ([CLS])", mean: "the mean of the tokens" };

/**
 * The pooling that a sentence encoder was trained with; null where it is none of those that a recipe can have, or
 * several joined.
 */
export function sentencePooling({ poolings: stated }: SentenceModules): Pooling | null {
  const [only, second] = stated;
  return only !== undefined && second === undefined ? (poolings[only] ?? null) : null;
}

/** What a person should know of a sentence encoder, as one note. */
export function sentenceNote(modules: SentenceModules): string {
  const { poolings: stated, maxLength, others } = modules;
  const pooling = sentencePooling(modules);
  const how = pooling ? words[pooling] : stated.join(" and ").replaceAll("_", " ");
  const parts = [
    ...(how ? [`pooled by ${how}`] : []),
    ...(maxLength === null ? [] : [`on texts of up to ${maxLength} tokens`]),
  ];
  const trained = parts.length > 0 ? ` It was trained ${parts.join(", ")}.` : "";
  const cannot = stated.length > 0 && pooling === null ? " That pooling cannot be chosen here." : "";
  const left =
    others.length > 0
      ? ` What comes after the pooling (${others.join(", ")}) is left aside: the classifier reads the pooled vector.`
      : "";
  return `The checkpoint is a sentence encoder of sentence-transformers.${trained}${cannot}${left}`;
}
