import { describe, expect, it } from "vitest";
import { createTokenizer } from "../../src/tokenize/tokenizer.ts";
import { kindFiles, readKind } from "./kinds.ts";
import { smallTokenizer } from "./starter-tokenizer.ts";

const words = ["soup", "Soup", "cafe", "Cafe", "café", "中", "文", "中文", "Café"];
const idOf = (word: string) => 4 + words.indexOf(word);

/** Ids without the special tokens. */
function ids(text: string, config: object, normalizer: object = {}): number[] {
  const base = { type: "BertNormalizer", clean_text: true, handle_chinese_chars: true, lowercase: true };
  const files = smallTokenizer(words, { normalizer: { ...base, ...normalizer } });
  const tokenizer = createTokenizer({ ...files, tokenizerConfigJson: JSON.stringify(config) });
  return tokenizer.encode(text, null, 32).ids.slice(1, -1);
}

describe("tokenizer_config.json that contradicts tokenizer.json", () => {
  it("decides the casing, both ways, as transformers' BertTokenizer", () => {
    expect(ids("Soup", {})).toEqual([idOf("soup")]);
    expect(ids("Soup", { do_lower_case: false })).toEqual([idOf("Soup")]);
    expect(ids("Soup", { do_lower_case: false, tokenizer_class: "DistilBertTokenizer" })).toEqual([idOf("Soup")]);
    expect(ids("Soup", { do_lower_case: true }, { lowercase: false })).toEqual([idOf("soup")]);
  });

  it("decides accents and Chinese characters", () => {
    expect(ids("Café", { do_lower_case: false })).toEqual([idOf("Café")]);
    expect(ids("Café", { do_lower_case: false, strip_accents: true })).toEqual([idOf("Cafe")]);
    expect(ids("café", { strip_accents: false })).toEqual([idOf("café")]);
    expect(ids("café", { strip_accents: null }, { strip_accents: false })).toEqual([idOf("cafe")]);
    expect(ids("中文", {})).toEqual([idOf("中"), idOf("文")]);
    expect(ids("中文", { tokenize_chinese_chars: false })).toEqual([idOf("中文")]);
  });

  it("does not decide where the class is built from tokenizer.json alone, nor where it says nothing", () => {
    expect(ids("Soup", { do_lower_case: false, tokenizer_class: "PreTrainedTokenizerFast" })).toEqual([idOf("soup")]);
    expect(ids("Soup", { do_lower_case: false, tokenizer_class: "TokenizersBackend" })).toEqual([idOf("soup")]);
    expect(ids("Soup", { tokenizer_class: "BertTokenizer" }, { lowercase: false })).toEqual([idOf("Soup")]);
  });
});

describe("the space before a text of a byte-level tokenizer", () => {
  const kind = readKind("roberta");
  const first = (config: object) =>
    createTokenizer(kindFiles({ ...kind, config }))
      .encode("the the", null, 9)
      .ids.slice(1, 2);
  const second = createTokenizer(kindFiles(kind)).encode("the the", null, 9).ids.slice(-2, -1);

  it("is decided by tokenizer_config.json, but for the class that reads tokenizer.json alone", () => {
    expect(first({ add_prefix_space: true })).toEqual(second);
    expect(first({ add_prefix_space: false })).not.toEqual(second);
    expect(first({ add_prefix_space: true, tokenizer_class: "PreTrainedTokenizerFast" })).not.toEqual(second);
  });
});

describe("a model with one segment type", () => {
  const files = { ...smallTokenizer(words), segmentTypes: 1 };

  it("refuses pairs, not single texts", () => {
    const tokenizer = createTokenizer(files);
    expect(tokenizer.encode("soup", null, 8).ids).toHaveLength(3);
    expect(() => tokenizer.encode("soup", "cafe", 8)).toThrow("type_vocab_size");
  });

  it("reads pairs with the first type alone where the tokenizer leaves types out of the model's inputs", () => {
    const config = JSON.stringify({ model_input_names: ["input_ids", "attention_mask"] });
    const { ids: all, types } = createTokenizer({ ...files, tokenizerConfigJson: config }).encode("soup", "cafe", 8);
    expect([all.length, new Set(types)]).toEqual([5, new Set([0])]);
    const named = JSON.stringify({ model_input_names: ["input_ids", "token_type_ids"] });
    expect(() => createTokenizer({ ...files, tokenizerConfigJson: named }).encode("soup", "", 8)).toThrow("segment");
  });
});
