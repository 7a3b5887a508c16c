import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Int32List } from "../../src/io/int32-list.ts";
import { isObject, parseObject } from "../../src/io/json-object.ts";
import { createTokenizer, type TokenizerFiles } from "../../src/tokenize/tokenizer.ts";
import { WordCache } from "../../src/tokenize/word-cache.ts";
import { kindFiles, readKind } from "./kinds.ts";
import { smallTokenizer, starterFiles } from "./starter-tokenizer.ts";

const pieces = fc.constantFrom(
  ..."the The embeddings CAFÉ cafe\u0301 naïve don't don’t e.g. [MASK] [mask] [SEP [ covid COVID-19 Covid ΟΔΟΣ ς Σ 北京 𠀀 가 👍🏽".split(
    " ",
  ),
  ..."x́ -\u0301 <\u0338 İstanbul ﬁne ½ $5 a_b \u212A ſ".split(" "),
  ...[" ", " ", "  ", "\t", "\n", "\r\n", "\v", "\f", "\u0085", "\u00a0", "\u2003", "\u3000", "\u200b", "\ufeff"],
  ...["\u0000", "\u007f", "\ufffd", "\ud800", "\udc00", "q".repeat(20), "ab".repeat(60), "zq".repeat(33)],
);
const mixed = fc.array(fc.oneof(pieces, fc.string({ unit: "binary", maxLength: 4 }), fc.string({ maxLength: 6 })));
const texts = fc.oneof(
  mixed.map((parts) => parts.join("")),
  mixed.map((parts) => parts.join(" ")),
  fc.string({ unit: "grapheme" }),
  fc.lorem({ maxCount: 20 }),
);

function expectEqual(files: TokenizerFiles, numRuns: number): void {
  const fast = createTokenizer(files);
  const slow = createTokenizer(files, false);
  fc.assert(
    fc.property(texts, fc.option(texts), fc.integer({ min: 4, max: 200 }), (text, pair, maxLength) => {
      expect(fast.encode(text, pair, maxLength)).toEqual(slow.encode(text, pair, maxLength));
    }),
    { numRuns },
  );
}

const bert = (changes: object) => ({
  normalizer: { type: "BertNormalizer", clean_text: true, handle_chinese_chars: true, lowercase: true, ...changes },
});
const added = (content: string, normalized: boolean) => ({
  added_tokens: [
    ...["[PAD]", "[UNK]", "[CLS]", "[SEP]"].map((one, id) => ({ id, content: one, special: true, normalized: false })),
    { id: 4, content, special: false, normalized },
  ],
});
const words = [
  ..."abcdefghijklmnopqrstuvwxyzTC-.",
  "##a",
  "##o",
  "##v",
  "##i",
  "##d",
  "co",
  "covid",
  "##b",
  "the",
  "cafe",
];

/** Whether the cache takes a tokenizer on; what is to be found out goes the long way, which is not asked here. */
function cacheOf({ tokenizerJson }: TokenizerFiles, config = {}): WordCache | null {
  const json = parseObject(tokenizerJson, "tokenizer.json");
  const vocabulary = new Map<string, number>();
  const vocab = isObject(json.model) && isObject(json.model.vocab) ? json.model.vocab : {};
  for (const [token, id] of Object.entries(vocab)) if (typeof id === "number") vocabulary.set(token, id);
  const idsOf = () => [-1];
  return WordCache.of({ json, config, vocabulary, normalize: (text) => text.toLowerCase(), idsOf });
}

describe("remembered pieces", () => {
  it.each(["gpt2", "roberta", "modernbert", "albert", "t5", "xlm-roberta-hub"])(
    "give the ids that whole texts have by the tokenizer of kind %s",
    (name) => {
      expectEqual(kindFiles(readKind(name)), 200);
    },
  );
});

describe("the cache of words", () => {
  it("gives the ids that the starter model's tokenizer gives whole texts", () => {
    expectEqual(starterFiles, 3000);
  });

  it.each([
    ["cased", bert({ lowercase: false })],
    ["cased without accents", bert({ lowercase: false, strip_accents: true })],
    ["lower-cased with accents", bert({ strip_accents: false })],
    ["not cleaned", bert({ clean_text: false, handle_chinese_chars: false })],
    ["an added token that is normalized", added("covid", true)],
    ["an added token as it stands", added("Covid", false)],
    ["an added token that begins with a letter with an accent", added("École", true)],
    ["an added token of two words", added("the covid", true)],
  ])("gives the same ids for a tokenizer that is %s", (_, changes) => {
    expectEqual(smallTokenizer(words, changes), 400);
  });

  it("asks the tokenizer for what is not plain alone", () => {
    const cache = cacheOf(smallTokenizer(words));
    const idsOf = (text: string) => {
      const list = new Int32List(1);
      cache?.append(text, list);
      return [...list.toArray()];
    };
    const covid = 4 + words.indexOf("covid");
    expect(idsOf("Covid covid.")).toEqual([covid, covid, 4 + words.indexOf(".")]);
    expect(idsOf("covid [SEP]covid covid\u0301, covid")).toEqual([covid, -1, -1, covid]);
    expect(idsOf("covidcovidcovid")).toEqual([1]);
  });

  it("is not used where a step may look beyond a word", () => {
    expect(cacheOf(smallTokenizer(words))).not.toBeNull();
    for (const changes of [
      added("the covid", true),
      { normalizer: null },
      { normalizer: { type: "NFKC" } },
      { pre_tokenizer: { type: "Whitespace" } },
      { model: { type: "BPE", vocab: {}, merges: [], unk_token: "[UNK]" } },
    ]) {
      expect(cacheOf(smallTokenizer(words, changes))).toBeNull();
    }
    const model = { type: "WordPiece", vocab: { "[UNK]": 1 }, unk_token: "[UNK]", continuing_subword_prefix: "##" };
    expect(cacheOf(smallTokenizer(words, { model }))).not.toBeNull();
    expect(cacheOf(smallTokenizer(words, { model: { ...model, fuse_unk: true } }))).toBeNull();
    expect(cacheOf(smallTokenizer(words), { do_lowercase_and_remove_accent: true })).toBeNull();
  });

  it("stays right when it begins anew", () => {
    const fast = createTokenizer(starterFiles);
    const many = Array.from({ length: 70_000 }, (_, i) => `w${i.toString(36)}`).join(" ");
    const first = fast.encode(many, null, 1_000_000);
    expect(fast.encode(many, null, 1_000_000)).toEqual(first);
  });
});
