import { describe, expect, it } from "vitest";
import { textVocabulary } from "../../src/tokenize/text-vocabulary.ts";
import { smallTokenizer, starterFiles } from "./starter-tokenizer.ts";

const marked = (flags: Uint8Array) => [...flags.keys()].filter((id) => flags[id] === 1);

describe("textVocabulary", () => {
  it("knows the starter model's mask, special tokens and continuations", () => {
    const { maskId, special, continuation } = textVocabulary(starterFiles, 30522);
    expect(maskId).toBe(103);
    expect(marked(special)).toEqual([0, 100, 101, 102, 103]);
    // "the", "##s"; vocab.txt has 5,828 pieces that begin with ##, "##" itself not counted.
    expect([continuation[1996], continuation[2015]]).toEqual([0, 1]);
    expect(marked(continuation)).toHaveLength(5828);
  });

  it("takes the mask token that tokenizer_config.json names, and ids without a token for special", () => {
    const files = smallTokenizer(["<hidden>", "play", "##ing", "##"]);
    const config = JSON.stringify({ mask_token: { content: "<hidden>" } });
    const { maskId, special, continuation } = textVocabulary({ ...files, tokenizerConfigJson: config }, 10);
    expect(maskId).toBe(4);
    expect(marked(special)).toEqual([0, 1, 2, 3, 4, 8, 9]);
    expect(marked(continuation)).toEqual([6]);
  });

  it("names the mask token that there is not, and none beyond the word embedding", () => {
    expect(textVocabulary(smallTokenizer(["play"]), 5)).toMatchObject({ maskToken: "[MASK]", maskId: null });
    expect(textVocabulary(starterFiles, 103).maskId).toBeNull();
  });
});
