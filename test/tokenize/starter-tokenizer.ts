import { readFileSync } from "node:fs";
import type { TokenizerFiles } from "../../src/tokenize/tokenizer.ts";

const read = (name: string) => readFileSync(new URL(`../../public/starter/${name}`, import.meta.url), "utf8");

/** The tokenizer of the starter model, uncased WordPiece with 30,522 tokens. */
export const starterFiles: TokenizerFiles = {
  tokenizerJson: read("tokenizer.json"),
  tokenizerConfigJson: read("tokenizer_config.json"),
};

/** A WordPiece tokenizer.json with the given words in its vocabulary, after [PAD] [UNK] [CLS] [SEP]. */
export function smallTokenizer(words: string[], changes: Record<string, unknown> = {}): TokenizerFiles {
  const specials = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"];
  const tokenizer = {
    version: "1.0",
    added_tokens: specials.map((content, id) => ({ id, content, special: true, normalized: false })),
    normalizer: { type: "BertNormalizer", clean_text: true, handle_chinese_chars: true, lowercase: true },
    pre_tokenizer: { type: "BertPreTokenizer" },
    post_processor: { type: "BertProcessing", cls: ["[CLS]", 2], sep: ["[SEP]", 3] },
    decoder: { type: "WordPiece", prefix: "##", cleanup: true },
    model: {
      type: "WordPiece",
      unk_token: "[UNK]",
      continuing_subword_prefix: "##",
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries([...specials, ...words].map((word, id) => [word, id])),
    },
    ...changes,
  };
  return { tokenizerJson: JSON.stringify(tokenizer), tokenizerConfigJson: "{}" };
}
