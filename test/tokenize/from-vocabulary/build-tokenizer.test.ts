import { describe, expect, it } from "vitest";
import { familyOfType } from "../../../src/families/registry.ts";
import { bracketed } from "../../../src/families/vocabulary-forms.ts";
import { isObject, type JsonObject } from "../../../src/io/json-object.ts";
import { buildTokenizer, type VocabularyFiles } from "../../../src/tokenize/from-vocabulary/build-tokenizer.ts";
import { createTokenizer } from "../../../src/tokenize/tokenizer.ts";
import { readKind, sentencePieceModel, type Kind } from "../kinds.ts";
import { thrownBy } from "../../io/thrown-by.ts";

const nothing: VocabularyFiles = {
  pieces: null,
  bytePairs: null,
  sentencePiece: null,
  config: {},
  added: {},
  lowercase: true,
};
const formOf = (family: string) => familyOfType(family).vocabulary ?? bracketed;

/** The vocabulary of a kind's tokenizer.json as the files that older checkpoints have. */
function vocabularyOf({ tokenizer }: Kind): { pieces: string; bytePairs: VocabularyFiles["bytePairs"] } {
  const { model } = tokenizer as { model: { vocab: Record<string, number>; merges?: ([string, string] | string)[] } };
  const pieces: string[] = [];
  for (const [piece, id] of Object.entries(model.vocab)) pieces[id] = piece;
  const merges = (model.merges ?? []).map((merge) => (typeof merge === "string" ? merge : merge.join(" ")));
  return {
    pieces: `${pieces.join("\n")}\n`,
    bytePairs: { vocabulary: model.vocab, merges: `#version: 0.2\n${merges.join("\n")}\n` },
  };
}

/** Whether the built tokenizer gives the Rust library's ids for all cases of the kind. */
function expectCases(name: string, family: string, files: Partial<VocabularyFiles>): void {
  const { cases, config } = readKind(name);
  const tokenizerJson = buildTokenizer({ ...nothing, config: config as JsonObject, ...files }, formOf(family));
  const tokenizer = createTokenizer({ tokenizerJson, tokenizerConfigJson: JSON.stringify(config) });
  for (const { text, pair, max_length, truncation, ids, type_ids } of cases) {
    const encoded = tokenizer.encode(text, pair ?? null, max_length, truncation);
    expect([text, pair, encoded.ids, encoded.types]).toEqual([text, pair, ids, type_ids]);
  }
}

describe("buildTokenizer", () => {
  it.each([
    ["albert", "albert"],
    ["xlm-roberta", "xlm-roberta"],
    ["camembert", "camembert"],
    ["deberta-v3", "deberta-v2"],
  ])("gives the ids of the converted SentencePiece model of %s", (name, family) => {
    expectCases(name, family, { sentencePiece: { name: "a.model", bytes: sentencePieceModel(name) } });
  });

  it("gives the ids of vocab.json and merges.txt", () => {
    const { bytePairs } = vocabularyOf(readKind("roberta"));
    expectCases("roberta", "roberta", { bytePairs });
  });

  it("lets the mask of byte-level families take the space before it", () => {
    const vocabulary = { a: 0, "\u0120": 1, "[CLS]": 2, "[SEP]": 3, "[UNK]": 4, "[PAD]": 5, "[MASK]": 6 };
    const files = { ...nothing, bytePairs: { vocabulary, merges: "" } };
    const tokenizer = createTokenizer({
      tokenizerJson: buildTokenizer(files, formOf("deberta")),
      tokenizerConfigJson: "{}",
    });
    expect(tokenizer.encode("a [MASK] a", null, 9).ids).toEqual([2, 0, 6, 1, 0, 3]);
    expect(tokenizer.encode("a", "a", 9)).toMatchObject({ ids: [2, 0, 3, 0, 3], types: [0, 0, 0, 1, 1] });
  });

  it.each([
    ["bert-multilingual-cased", "bert"],
    ["distilbert", "distilbert"],
    ["electra", "electra"],
    ["mpnet", "mpnet"],
  ])("gives the ids of the vocab.txt of %s", (name, family) => {
    expectCases(name, family, { pieces: vocabularyOf(readKind(name)).pieces });
  });

  it("follows the settings of tokenizer_config.json, special_tokens_map.json and added_tokens.json", () => {
    const pieces = "[PAD]\r\n[UNK]\r\n[CLS]\r\n[SEP]\r\n<hide>\r\nSoup\r\nsoup\r\n";
    const config = { do_lower_case: false, mask_token: { content: "<hide>" }, sep_token: "[SEP]" };
    const json = buildTokenizer({ ...nothing, pieces, config, added: { covid: 7 } }, bracketed);
    const tokenizer = createTokenizer({ tokenizerJson: json, tokenizerConfigJson: "{}" });
    expect(tokenizer.encode("Soup soup<hide>covid", null, 9).ids).toEqual([2, 5, 6, 4, 7, 3]);
    expect(tokenizer.last).toEqual({ token: "covid", id: 7 });
  });

  it("appends special tokens that the vocabulary lacks", () => {
    const json = JSON.parse(buildTokenizer({ ...nothing, pieces: "[UNK]\na\n" }, bracketed)) as JsonObject;
    const added = (json.added_tokens as unknown[]).filter(isObject);
    expect(added.map(({ content, id }) => [content, id])).toEqual([
      ["[UNK]", 0],
      ["[CLS]", 2],
      ["[SEP]", 3],
      ["[PAD]", 4],
      ["[MASK]", 5],
    ]);
  });

  it("refuses what it does not read, in words", async () => {
    const bytes = sentencePieceModel("xlm-roberta");
    const build = (changed: Uint8Array) =>
      thrownBy(
        Promise.resolve().then(() =>
          buildTokenizer({ ...nothing, sentencePiece: { name: "a.model", bytes: changed } }, formOf("xlm-roberta")),
        ),
      );
    expect((await build(bytes.subarray(0, 1000))).found).toContain("a.model is no SentencePiece model");
    expect((await build(new TextEncoder().encode("version https"))).found).toContain(
      "a.model is no SentencePiece model",
    );
    // The trainer's settings, with the model's type BPE.
    const bpe = Uint8Array.of(0x0a, 0x03, 0x0a, 0x01, 0x61, 0x12, 0x02, 0x18, 0x02);
    expect((await build(bpe)).found).toBe("a.model is a SentencePiece model of type BPE.");
    const other = await thrownBy(
      Promise.resolve().then(() =>
        buildTokenizer({ ...nothing, sentencePiece: { name: "a.model", bytes } }, formOf("bert")),
      ),
    );
    expect(other.found).toContain("not of a kind");
  });
});
