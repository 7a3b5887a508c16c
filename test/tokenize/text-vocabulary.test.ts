import { describe, expect, it } from "vitest";
import { textVocabulary } from "../../src/tokenize/text-vocabulary.ts";
import { createTokenizer } from "../../src/tokenize/tokenizer.ts";
import { kindFiles, readKind } from "./kinds.ts";
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

  it.each([
    ["roberta", "<mask>"],
    ["modernbert", "[MASK]"],
    ["xlm-roberta", "<mask>"],
    ["albert", "[MASK]"],
    ["mpnet", "<mask>"],
  ])("knows the mask of kind %s, and which tokens are special", (name, mask) => {
    const kind = readKind(name);
    const { maskToken, maskId, special } = textVocabulary(kindFiles(kind), 2500);
    expect(maskToken).toBe(mask);
    const { added_tokens: added } = kind.tokenizer as {
      added_tokens: { content: string; id: number; special: boolean }[];
    };
    expect(maskId).toBe(added.find(({ content }) => content === mask)?.id);
    for (const token of added)
      expect([token.content, special[token.id]]).toEqual([token.content, token.special ? 1 : 0]);
    expect(special[2499]).toBe(1);
  });

  /** The text's pieces put together to words as whole-word masking takes them. */
  const wordsOf = (name: string, text: string) => {
    const files = kindFiles(readKind(name));
    const { continuation } = textVocabulary(files, 2500);
    const { ids } = createTokenizer(files).encode(text, null, 99);
    return ids.slice(1, -1).reduce((count, id, i) => count + (i > 0 && continuation[id] === 1 ? 0 : 1), 0);
  };
  it.each(["roberta", "modernbert", "xlm-roberta", "xlm-roberta-hub", "camembert", "mpnet", "albert"])(
    "counts the words of a text by the tokenizer of kind %s",
    (name) => {
      expect(wordsOf(name, "extraordinary mountaineers whispering")).toBe(3);
      expect(wordsOf(name, "hello world, unbelievable.")).toBe(5);
    },
  );

  it("takes Chinese characters for words of their own", () => {
    const { continuation } = textVocabulary(kindFiles(readKind("xlm-roberta")), 1800);
    const { tokenizer } = readKind("xlm-roberta");
    const { model } = tokenizer as { model: { vocab: [string, number][] } };
    const flagOf = (piece: string) => continuation[model.vocab.findIndex(([one]) => one === piece)];
    expect(model.vocab.some(([piece]) => piece === "\u65e5")).toBe(true);
    expect([flagOf("\u65e5"), flagOf("ing"), flagOf("\u2581a"), flagOf("!")]).toEqual([0, 1, 0, 0]);
  });

  it("names the mask token that there is not, and none beyond the word embedding", () => {
    expect(textVocabulary(smallTokenizer(["play"]), 5)).toMatchObject({ maskToken: "[MASK]", maskId: null });
    expect(textVocabulary(starterFiles, 103).maskId).toBeNull();
  });
});
