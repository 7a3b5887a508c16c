import { describe, expect, it } from "vitest";
import { cutAt, type TextLimit } from "../../../src/data/text-limit.ts";
import { familyOfType } from "../../../src/families/registry.ts";
import { bracketed } from "../../../src/families/vocabulary-forms.ts";
import type { JsonObject } from "../../../src/io/json-object.ts";
import { encodeRows } from "../../../src/tokenize/encode-rows.ts";
import { buildTokenizer } from "../../../src/tokenize/from-vocabulary/build-tokenizer.ts";
import { createTokenizer, type TokenizerFiles } from "../../../src/tokenize/tokenizer.ts";
import { kindFiles, kindNames, readKind, readSpans, sentencePieceModel, type Kind } from "../kinds.ts";
import { smallTokenizer } from "../starter-tokenizer.ts";

const withSpans = (maxLength: number): TextLimit => ({ ...cutAt(maxLength), spans: true });

/** Start and end of each token from distances and lengths. */
function spansOf(steps: readonly number[]): number[] {
  let place = 0;
  return steps.map((step) => (place += step));
}

function filesOf(name: string, kind: Kind): TokenizerFiles {
  if (kind.tokenizer) return kindFiles(kind);
  const sentencePiece = { name: "a.model", bytes: sentencePieceModel(name) };
  const vocabulary = { pieces: null, bytePairs: null, sentencePiece, config: kind.config as JsonObject };
  const form = familyOfType("deberta-v2").vocabulary ?? bracketed;
  const tokenizerJson = buildTokenizer({ ...vocabulary, added: {}, lowercase: true }, form);
  return { tokenizerJson, tokenizerConfigJson: JSON.stringify(kind.config) };
}

describe.each([...kindNames, "deberta-v3"])("the tokenizer of kind %s", (name) => {
  const kind = readKind(name);
  const texts = kind.cases.filter(({ pair }) => pair === undefined);
  const files = filesOf(name, kind);

  it.each([
    ["the whole way", false],
    ["with remembered pieces", true],
  ])("places its tokens where the Rust library does: %s", (_, remembers) => {
    const tokenizer = createTokenizer(files, remembers);
    const expected = readSpans(name);
    const found = texts.map(({ text, max_length: length }) => {
      const { ids, spans = [] } = encodeRows([text], null, withSpans(length), tokenizer);
      return { text, ids: [...ids], spans: [...spans] };
    });
    expect(found).toEqual(texts.map(({ text, ids }, i) => ({ text, ids, spans: spansOf(expected[i] ?? []) })));
  });

  it("places tokens of pairs and of windows as those of whole texts", () => {
    const tokenizer = createTokenizer(files);
    const long = texts.slice(0, 12).map(({ text }) => text);
    const whole = encodeRows([long.join(" ")], null, withSpans(10_000), tokenizer);
    const limit = { maxLength: 24, longTexts: "windows", windowOverlap: 5, spans: true } as const;
    const windowed = encodeRows([long.join(" ")], null, limit, tokenizer);
    const places = (rows: typeof whole) =>
      [...rows.ids].map((id, token) => `${id} ${rows.spans?.[2 * token]} ${rows.spans?.[2 * token + 1]}`);
    expect(windowed.rowStart.length).toBeGreaterThan(4);
    expect(new Set(places(windowed))).toEqual(new Set(places(whole)));
    const [first = "", second = ""] = long;
    const pair = encodeRows([first], [second], withSpans(10_000), tokenizer);
    const alone = encodeRows([second], null, withSpans(10_000), tokenizer);
    expect(places(pair)).toEqual(expect.arrayContaining(places(alone)));
  });
});

describe("spans of other normalizers", () => {
  const spans = (
    text: string,
    changes: Record<string, unknown>,
    pieces = ["a", "b", "ab", "é", "e", "\u0323", "\u0301", "x"],
  ) => {
    const tokenizer = createTokenizer(smallTokenizer(pieces, changes));
    const rows = encodeRows([text], null, withSpans(100), tokenizer);
    expect([...rows.ids]).toEqual([...encodeRows([text], null, cutAt(100), tokenizer).ids]);
    return [...(rows.spans ?? [])].slice(2, -2);
  };

  it("follow a letter that takes an accent in, and one that is written as two", () => {
    expect(spans("a e\u0301 b", { normalizer: { type: "NFC" } })).toEqual([0, 1, 2, 3, 5, 6]);
    expect(spans("a \u00e9 b", { normalizer: { type: "NFD" } })).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it("follow a prefix, stripped spaces and replaced characters", () => {
    const steps = [
      { type: "Strip", strip_left: true, strip_right: true },
      { type: "Replace", pattern: { String: "zz" }, content: " b " },
      { type: "Prepend", prepend: "x " },
    ];
    const normalizer = { type: "Sequence", normalizers: steps };
    expect(spans("  a zz a ", { normalizer })).toEqual([2, 3, 2, 3, 5, 6, 7, 8]);
  });
});
