import { describe, expect, it } from "vitest";
import { createTokenizer } from "../../src/tokenize/tokenizer.ts";
import { kindFiles, kindNames, readKind } from "./kinds.ts";

describe.each(kindNames)("the tokenizer of kind %s", (name) => {
  const kind = readKind(name);
  const files = kindFiles(kind);

  it("has cases, pairs among them", () => {
    expect(kind.cases.length).toBeGreaterThanOrEqual(90);
    expect(kind.cases.filter(({ pair }) => pair !== undefined).length).toBeGreaterThanOrEqual(15);
  });

  it.each([
    ["the whole way", false],
    ["with remembered words", true],
  ])("gives the Rust library's ids and types: %s", (_, remembers) => {
    const tokenizer = createTokenizer(files, remembers);
    // Twice, so that remembered words are asked for again.
    for (const { text, pair, max_length, truncation, ids, type_ids } of [...kind.cases, ...kind.cases]) {
      const encoded = tokenizer.encode(text, pair ?? null, max_length, truncation);
      expect([text, pair, encoded.ids]).toEqual([text, pair, ids]);
      expect([text, pair, encoded.types]).toEqual([text, pair, type_ids]);
    }
  });
});
