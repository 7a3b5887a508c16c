import type { ExplainedText } from "../../../src/run/explain/explained-rows.ts";

interface IdsOptions {
  types?: readonly number[];
  /** Id of the padding token. */
  padding: number;
  /** 1 of special tokens, else 0. */
  special: readonly number[];
}

/** A text of words of one letter, a word for each token but the special ones, that was encoded to these ids. */
export function explainedIds(ids: readonly number[], { types, padding, special }: IdsOptions): ExplainedText {
  let words = 0;
  const spans = special.flatMap((isSpecial) => {
    if (isSpecial) return [0, 0];
    const start = 2 * words++;
    return [start, start + 1];
  });
  const added = [{ id: padding, content: "[PAD]", special: true }];
  const model = { type: "WordPiece", unk_token: "[UNK]", vocab: { "[PAD]": padding, "[UNK]": padding + 1 } };
  return {
    texts: [Array.from({ length: words }, () => "a").join(" ")],
    rows: {
      ids: Int32Array.from(ids),
      types: Int32Array.from(types ?? ids.map(() => 0)),
      rowStart: Int32Array.of(0, ids.length),
      fullLengths: Int32Array.of(ids.length),
      spans: Int32Array.from(spans),
    },
    tokenizer: { tokenizerJson: JSON.stringify({ added_tokens: added, model }), tokenizerConfigJson: "{}" },
  };
}
