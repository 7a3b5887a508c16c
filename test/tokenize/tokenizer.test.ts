import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Problem } from "../../src/problem/problem.ts";
import { checkTokenIds, createTokenizer } from "../../src/tokenize/tokenizer.ts";
import { smallTokenizer, starterFiles } from "./starter-tokenizer.ts";

interface RustCase {
  text: string;
  pair?: string;
  max_length: number;
  ids: number[];
  type_ids: number[];
}

const file = new URL("../reference/tokenizer.json", import.meta.url);
const cases = JSON.parse(readFileSync(file, "utf8")) as RustCase[];
const starter = createTokenizer(starterFiles);

function problemOf(action: () => unknown): Problem {
  try {
    action();
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error("Nothing was thrown.");
}

describe("the starter model's tokenizer", () => {
  it("has cases to compare with", () => {
    expect(cases.length).toBeGreaterThanOrEqual(50);
    expect(cases.filter((c) => c.pair !== undefined).length).toBeGreaterThanOrEqual(4);
  });

  it.each(cases.map((c, index) => ({ ...c, index })))("gives the Rust library's ids for case $index", (c) => {
    const encoded = starter.encode(c.text, c.pair ?? null, c.max_length);
    expect(encoded.ids).toEqual(c.ids);
    expect(encoded.types).toEqual(c.type_ids);
    expect(encoded.fullLength).toBeGreaterThanOrEqual(c.ids.length);
  });

  it("keeps within the length and the vocabulary, whatever the text", () => {
    const text = fc.oneof(fc.string({ unit: "binary" }), fc.string({ unit: "grapheme" }), fc.lorem());
    const maxLength = fc.integer({ min: 3, max: 40 });
    fc.assert(
      fc.property(text, fc.option(text), maxLength, (first, second, limit) => {
        const { ids, types, fullLength } = starter.encode(first, second, limit);
        expect(ids.length).toBe(Math.min(limit, fullLength));
        expect(types.length).toBe(ids.length);
        expect(ids[0]).toBe(101);
        expect(ids.at(-1)).toBe(102);
        for (const id of ids) expect(Number.isInteger(id) && id >= 0 && id < 30522).toBe(true);
        for (const type of types) expect(type === 0 || (type === 1 && second !== null)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it("truncates to the first tokens of the whole row", () => {
    fc.assert(
      fc.property(fc.lorem({ maxCount: 30 }), fc.integer({ min: 2, max: 20 }), (text, limit) => {
        const whole = starter.encode(text, null, 10_000).ids;
        const cut = starter.encode(text, null, limit).ids;
        expect(cut.slice(0, -1)).toEqual(whole.slice(0, cut.length - 1));
      }),
    );
  });

  it("takes an empty second text for a second text", () => {
    expect(starter.encode("one", "", 16)).toMatchObject({ ids: [101, 2028, 102, 102], types: [0, 0, 0, 1] });
  });

  it("says how long a row was before truncation", () => {
    expect(starter.encode("one two three four", null, 4)).toMatchObject({ fullLength: 6 });
    expect(starter.encode("one two", "three", 4)).toMatchObject({ fullLength: 6 });
  });

  it("refuses a length without room for the special tokens", () => {
    expect(problemOf(() => starter.encode("a", "b", 2)).found).toContain("3 special tokens");
  });
});

const wordPiece = (vocab: Record<string, unknown>) => ({
  type: "WordPiece",
  unk_token: "[UNK]",
  continuing_subword_prefix: "##",
  vocab: { "[PAD]": 0, "[UNK]": 1, "[CLS]": 2, "[SEP]": 3, ...vocab },
});

describe("createTokenizer", () => {
  it("reads other kinds of post-processors", () => {
    const template = {
      type: "TemplateProcessing",
      single: [{ SpecialToken: { id: "[CLS]", type_id: 0 } }, { Sequence: { id: "A", type_id: 0 } }],
      pair: [{ Sequence: { id: "A", type_id: 0 } }, { Sequence: { id: "B", type_id: 1 } }],
      special_tokens: { "[CLS]": { id: "[CLS]", ids: [2], tokens: ["[CLS]"] } },
    };
    const bert = createTokenizer(smallTokenizer(["a", "b"]));
    expect(bert.encode("a", "b", 9)).toEqual({ ids: [2, 4, 3, 5, 3], types: [0, 0, 0, 1, 1], fullLength: 5 });
    const templated = createTokenizer(smallTokenizer(["a", "b"], { post_processor: template }));
    expect(templated.encode("a", null, 9).ids).toEqual([2, 4]);
    expect(templated.encode("a", "b", 9)).toMatchObject({ ids: [4, 5], types: [0, 1] });
    const none = createTokenizer(smallTokenizer(["a", "b"], { post_processor: null }));
    expect(none.encode("a", "b", 9).ids).toEqual([4, 5]);
  });

  it("leaves capitals and Chinese characters as they are when the checkpoint is cased", () => {
    const normalizer = { type: "BertNormalizer", clean_text: true, handle_chinese_chars: false, lowercase: false };
    const cased = createTokenizer(smallTokenizer(["ΟΔΟΣ", "οδος", "𠀀𠀁", "𠀀", "##𠀁"], { normalizer }));
    expect(cased.encode("ΟΔΟΣ 𠀀𠀁", null, 9).ids).toEqual([2, 4, 6, 3]);
  });

  it("splits Chinese characters and lower-cases sigma inside a sequence of normalizers", () => {
    const bert = { type: "BertNormalizer", clean_text: true, handle_chinese_chars: true, lowercase: false };
    const normalizer = { type: "Sequence", normalizers: [bert, { type: "Lowercase" }] };
    const tokenizer = createTokenizer(smallTokenizer(["οδοσ", "𠀀", "𠀁"], { normalizer }));
    expect(tokenizer.encode("ΟΔΟΣ 𠀀𠀁", null, 9).ids).toEqual([2, 4, 5, 6, 3]);
  });

  it("ignores padding and truncation set in the file", () => {
    const padding = { strategy: { Fixed: 8 }, direction: "Right", pad_id: 0, pad_type_id: 0, pad_token: "[PAD]" };
    const truncation = { max_length: 3, strategy: "LongestFirst", stride: 0 };
    const tokenizer = createTokenizer(smallTokenizer(["a"], { padding, truncation }));
    expect(tokenizer.encode("a", null, 9).ids).toEqual([2, 4, 3]);
    expect(tokenizer.encode("a a a", null, 9).ids).toEqual([2, 4, 4, 4, 3]);
  });

  it("says which file is broken", () => {
    const good = smallTokenizer(["a"]);
    expect(problemOf(() => createTokenizer({ ...good, tokenizerJson: "{" })).found).toContain("tokenizer.json");
    expect(problemOf(() => createTokenizer({ ...good, tokenizerJson: "[]" })).found).toContain("no JSON object");
    expect(problemOf(() => createTokenizer({ ...good, tokenizerConfigJson: "null" })).found).toContain(
      "tokenizer_config.json",
    );
  });

  it("refuses what is no tokenizer", () => {
    const good = smallTokenizer(["a"]);
    expect(problemOf(() => createTokenizer({ ...good, tokenizerJson: "{}" })).found).toContain("cannot be used");
    const unknownModel = smallTokenizer(["a"], { model: { type: "Mystery", vocab: {} } });
    expect(problemOf(() => createTokenizer(unknownModel)).remedy).toContain("transformers");
    const noUnknown = smallTokenizer(["a"], { model: { type: "WordPiece", unk_token: "?", vocab: { a: 0 } } });
    expect(problemOf(() => createTokenizer(noUnknown)).found).toContain("unknown words");
    const lost = smallTokenizer(["a"], {
      post_processor: { type: "BertProcessing", cls: ["<x>", 9], sep: ["[SEP]", 3] },
    });
    expect(problemOf(() => createTokenizer(lost)).found).toContain("<x>");
  });

  it.each([
    ["a post-processor without [CLS]", { post_processor: { type: "BertProcessing", sep: ["[SEP]", 3] } }],
    ["a template that is no list", { post_processor: { type: "TemplateProcessing", single: 5 } }],
    ["an unknown normalizer", { normalizer: { type: "Sequence", normalizers: [{ type: "Reverse" }] } }],
    ["ids that are no numbers", { model: wordPiece({ a: true }) }],
    ["ids below 0", { model: wordPiece({ a: -1 }) }],
    ["ids between two numbers", { model: wordPiece({ a: 4.5 }) }],
  ])("refuses %s in words", (_, changes) => {
    const { found, remedy } = problemOf(() => createTokenizer(smallTokenizer(["a"], changes)));
    expect(found).toMatch(/^tokenizer\.json cannot be used\. /);
    expect(remedy).toContain("transformers");
  });
});

describe("checkTokenIds", () => {
  it("accepts an embedding that covers the vocabulary", () => {
    expect(() => checkTokenIds(starter, 30522)).not.toThrow();
  });

  it("names the token beyond the embedding", () => {
    const tokenizer = createTokenizer(smallTokenizer(["a", "zebra"]));
    expect(tokenizer.last).toEqual({ token: "zebra", id: 5 });
    expect(problemOf(() => checkTokenIds(tokenizer, 5)).found).toContain("zebra");
  });
});
