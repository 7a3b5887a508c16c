import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { checkTokenIds, createTokenizer } from "../../src/tokenize/tokenizer.ts";
import { smallTokenizer } from "./starter-tokenizer.ts";
import { thrownBy } from "../io/thrown-by.ts";

interface Reference {
  words: string[];
  texts: string[];
  /** Added tokens, and the ids that the Rust library gives the texts with them. */
  sets: Record<string, { added: object[]; ids: number[][] }>;
}

const path = new URL("../reference/single-words.json", import.meta.url);
const { words, texts, sets } = JSON.parse(readFileSync(path, "utf8")) as Reference;

describe("added tokens with single_word", () => {
  it.each(Object.entries(sets))("gives the ids of the Rust library: %s", (_, { added, ids }) => {
    const plain = JSON.parse(smallTokenizer(words).tokenizerJson) as { added_tokens: object[] };
    const files = smallTokenizer(words, { added_tokens: [...plain.added_tokens, ...added] });
    const tokenizer = createTokenizer(files);
    for (const [i, text] of texts.entries()) {
      expect([text, tokenizer.encode(text, null, 64).ids.slice(1, -1)]).toEqual([text, ids[i]]);
    }
  });

  it("counts them among the ids that the embedding must have", async () => {
    const added = [{ id: 50, content: "covid", single_word: true, special: false, normalized: false }];
    const specials = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"].map((content, id) => ({ id, content, special: true }));
    const tokenizer = createTokenizer(smallTokenizer(words, { added_tokens: [...specials, ...added] }));
    const checked = Promise.resolve().then(() => checkTokenIds(tokenizer, 50));
    expect((await thrownBy(checked)).found).toContain('up to 50 (token "covid")');
  });
});
