import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { familyOfType } from "../../src/families/registry.ts";
import type { JsonObject } from "../../src/io/json-object.ts";
import { buildTokenizer } from "../../src/tokenize/from-vocabulary/build-tokenizer.ts";
import { createTokenizer, type TokenizerFiles } from "../../src/tokenize/tokenizer.ts";
import { exportedTokenizerJson, tokenizerConfigJson } from "../../src/export/tokenizer-config.ts";
import { kindFiles, kindNames, readKind, sentencePieceModel } from "../tokenize/kinds.ts";
import { smallTokenizer, starterFiles } from "../tokenize/starter-tokenizer.ts";

const parsed = (text: string) => JSON.parse(text) as Record<string, unknown>;
const bert = { maxPositions: 512, segmentTypes: 2, tokenizerClass: "BertTokenizer" };

describe("tokenizerConfigJson", () => {
  it("passes on a file that agrees with the tokenizer, to the byte", () => {
    const given = starterFiles.tokenizerConfigJson;
    expect(tokenizerConfigJson(given, starterFiles.tokenizerJson, bert)).toBe(given);
  });

  it("makes a small one where none came", () => {
    expect(parsed(tokenizerConfigJson(null, starterFiles.tokenizerJson, bert))).toEqual({
      tokenizer_class: "BertTokenizer",
      model_max_length: 512,
    });
  });

  it("says so when the tokenizer is cased, lest transformers lower-cases", () => {
    const normalizer = { type: "BertNormalizer", clean_text: true, handle_chinese_chars: true, lowercase: false };
    const { tokenizerJson } = smallTokenizer(["a"], { normalizer });
    expect(parsed(tokenizerConfigJson(null, tokenizerJson, bert))).toMatchObject({
      do_lower_case: false,
    });
    const given = JSON.stringify({ model_max_length: 9 });
    const mended = parsed(tokenizerConfigJson(given, tokenizerJson, bert));
    expect(mended).toEqual({ do_lower_case: false, model_max_length: 9 });
    // What is stated decides, here as in transformers, and is passed on.
    const stated = JSON.stringify({ do_lower_case: true, model_max_length: 9 });
    expect(tokenizerConfigJson(stated, tokenizerJson, bert)).toBe(stated);
  });

  it("keeps the class of a BERT tokenizer in other families", () => {
    for (const name of ["distilbert", "electra", "mpnet", "bert-multilingual-cased"]) {
      const { tokenizerJson, tokenizerConfigJson: given } = kindFiles(readKind(name));
      expect(tokenizerConfigJson(given, tokenizerJson, bert)).toBe(given);
    }
  });

  const angled = { cls_token: "<s>", sep_token: "</s>", unk_token: "<unk>", pad_token: "<pad>", mask_token: "<mask>" };
  const bracketed = { cls_token: "[CLS]", sep_token: "[SEP]", pad_token: "[PAD]", mask_token: "[MASK]" };
  it.each([
    ["roberta", 1, { ...angled, add_prefix_space: false }],
    ["camembert", 1, angled],
    ["xlm-roberta-hub", 1, angled],
    ["albert", 2, { ...bracketed, unk_token: "<unk>", pad_token: "<pad>" }],
    ["modernbert", 0, { ...bracketed, unk_token: "[UNK]" }],
    ["t5", 0, { sep_token: "</s>", unk_token: "<unk>", pad_token: "<pad>" }],
  ])("names the class that reads tokenizer.json as it is, and the special tokens: %s", (name, segmentTypes, tokens) => {
    const { tokenizerJson, tokenizerConfigJson: given } = kindFiles(readKind(name));
    const model = { maxPositions: 512, segmentTypes, tokenizerClass: "PreTrainedTokenizerFast" };
    const written = tokenizerConfigJson(given, tokenizerJson, model);
    const types = segmentTypes > 1 ? ["token_type_ids"] : [];
    expect(parsed(written)).toEqual({
      ...parsed(given),
      ...tokens,
      ...(name === "modernbert" && { add_prefix_space: false }),
      tokenizer_class: "PreTrainedTokenizerFast",
      model_input_names: ["input_ids", ...types, "attention_mask"],
    });
    // An export that is opened and exported again stays as it is.
    expect(tokenizerConfigJson(written, tokenizerJson, model)).toBe(written);
  });

  it("writes the space before a text into both files where tokenizer_config.json overrides it", () => {
    const { tokenizerJson } = kindFiles(readKind("roberta"));
    const model = { ...bert, tokenizerClass: "PreTrainedTokenizerFast" };
    const stated = (name: string, adds: boolean) => JSON.stringify({ tokenizer_class: name, add_prefix_space: adds });
    const spaceOf = (json: string) => (parsed(json).pre_tokenizer as { add_prefix_space: boolean }).add_prefix_space;
    const own = stated("RobertaTokenizer", true);
    expect(spaceOf(exportedTokenizerJson(own, tokenizerJson))).toBe(true);
    expect(parsed(tokenizerConfigJson(own, tokenizerJson, model)).add_prefix_space).toBe(true);
    // The generic class follows tokenizer.json.
    const generic = stated("PreTrainedTokenizerFast", true);
    expect(exportedTokenizerJson(generic, tokenizerJson)).toBe(tokenizerJson);
    expect(parsed(tokenizerConfigJson(generic, tokenizerJson, model)).add_prefix_space).toBe(false);
  });

  it("writes the special tokens where no file came, and leaves those that a file names", () => {
    const { tokenizerJson } = smallTokenizer(["<hide>"], { normalizer: { type: "NFC" } });
    const model = { ...bert, tokenizerClass: "PreTrainedTokenizerFast" };
    expect(parsed(tokenizerConfigJson(null, tokenizerJson, model))).toMatchObject({
      model_max_length: 512,
      cls_token: "[CLS]",
      pad_token: "[PAD]",
    });
    const given = JSON.stringify({ mask_token: { content: "<hide>" }, model_max_length: 9 });
    expect(parsed(tokenizerConfigJson(given, tokenizerJson, model))).toMatchObject({
      mask_token: { content: "<hide>" },
      model_max_length: 9,
    });
  });
});

describe("an exported folder's tokenizer", () => {
  // test/reference/check_tokenizer.py reads the folders in transformers, where they are kept.
  const kept = process.env.TABTUNE_TOKENIZER_FOLDERS;
  const top = kept ?? mkdtempSync(join(tmpdir(), "tabtune-tokenizers-"));
  afterAll(() => {
    if (kept === undefined) rmSync(top, { recursive: true });
  });

  it.each([...kindNames, "deberta-v3"])("gives the Rust library's ids when the folder is read again: %s", (name) => {
    const { files: given, family } = exported(name);
    const { cases } = readKind(name);
    const model = {
      maxPositions: 512,
      segmentTypes: /^(bert|electra|albert)/.test(name) ? 2 : 0,
      tokenizerClass: "PreTrainedTokenizerFast",
    };
    const folder = join(top, name);
    mkdirSync(folder, { recursive: true });
    const texts = {
      "tokenizer.json": exportedTokenizerJson(given.tokenizerConfigJson, given.tokenizerJson),
      "tokenizer_config.json": tokenizerConfigJson(given.tokenizerConfigJson, given.tokenizerJson, model),
      "config.json": JSON.stringify({ model_type: family }),
      "cases.json": JSON.stringify(cases),
    };
    for (const [file, text] of Object.entries(texts)) writeFileSync(join(folder, file), text);
    const read = (file: string) => readFileSync(join(folder, file), "utf8");
    const tokenizer = createTokenizer({
      tokenizerJson: read("tokenizer.json"),
      tokenizerConfigJson: read("tokenizer_config.json"),
    });
    for (const { text, pair, max_length, truncation, ids } of cases) {
      expect([text, tokenizer.encode(text, pair ?? null, max_length, truncation).ids]).toEqual([text, ids]);
    }
  });
});

/** The tokenizer files of a kind and the `model_type` of its family; DeBERTa's are built from its SentencePiece model. */
function exported(name: string): { files: TokenizerFiles; family: string } {
  const kind = readKind(name);
  if (name !== "deberta-v3") {
    return { files: kindFiles(kind), family: name.replace(/-hub|-multilingual-cased/, "") };
  }
  const family = familyOfType("deberta-v2");
  if (family.vocabulary === undefined) throw new Error("DeBERTa states no vocabulary.");
  const sentencePiece = { name: "spm.model", bytes: sentencePieceModel(name) };
  const config = kind.config as JsonObject;
  const files = { pieces: null, bytePairs: null, sentencePiece, config, added: {}, lowercase: true };
  const tokenizerJson = buildTokenizer(files, family.vocabulary);
  return { files: { tokenizerJson, tokenizerConfigJson: JSON.stringify(config) }, family: family.type };
}
