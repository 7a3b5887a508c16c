import type { VocabularyForm } from "../tokenize/from-vocabulary/vocabulary-form.ts";

/** [CLS] a [SEP] b [SEP], as BERT has it. */
export const bracketed: VocabularyForm = {
  tokens: { cls: "[CLS]", sep: "[SEP]", unk: "[UNK]", pad: "[PAD]", mask: "[MASK]" },
  between: 1,
  secondType: 1,
  maskStripsLeft: false,
  sentencePiece: null,
};

/** <s> a </s></s> b </s>, as RoBERTa has it. */
export const angled: VocabularyForm = {
  tokens: { cls: "<s>", sep: "</s>", unk: "<unk>", pad: "<pad>", mask: "<mask>" },
  between: 2,
  secondType: 0,
  maskStripsLeft: true,
  sentencePiece: null,
};

/** The normalizers of most converted SentencePiece models. */
export const stripsRight = (charsmap: readonly object[]): object[] => [
  ...charsmap,
  { type: "Strip", strip_left: false, strip_right: true },
  runsOfSpaces("\u2581"),
];

/** Runs of spaces as one. */
export function runsOfSpaces(content: string): object {
  return { type: "Replace", pattern: { Regex: " {2,}" }, content };
}
