import { describe, expect, it } from "vitest";
import { gatherBatch } from "../../src/data/batches.ts";
import { wordLimit } from "../../src/data/text-limit.ts";
import { labelled } from "../../src/data/windows.ts";
import { askWords, WordPlaces } from "../../src/data/word-tokens.ts";
import { encodeRows } from "../../src/tokenize/encode-rows.ts";
import { continuesWord } from "../../src/tokenize/subwords.ts";
import { createTokenizer } from "../../src/tokenize/tokenizer.ts";
import { kindFiles, readKind } from "../tokenize/kinds.ts";
import { smallTokenizer } from "../tokenize/starter-tokenizer.ts";

const files = smallTokenizer(["a", "b", "##b", "##c", ".", "d"]);
const tokenizer = createTokenizer(files);
const limit = (maxLength: number, windowOverlap = 0) => wordLimit({ maxLength, longTexts: "windows", windowOverlap });
/** Start, end and class of each word. */
const words = (...all: number[][]) => ({
  labels: Int32Array.from(all.flat()),
  labelStart: Int32Array.from([0, ...all.map((_, i) => all.slice(0, i + 1).flat().length)]),
});

describe("labels of tokens", () => {
  it("are those of words at their first tokens, and none elsewhere", () => {
    const rows = encodeRows(["abc d.", "d"], null, limit(16), tokenizer);
    const data = labelled(rows, words([0, 3, 7, 4, 6, 8], [0, 1, 9]));
    // [CLS] a ##b ##c d . [SEP] [CLS] d [SEP]: "d." is one word.
    expect([...data.labels]).toEqual([-100, 7, -100, -100, 8, -100, -100, -100, 9, -100]);
    expect([...(data.wordOf ?? [])]).toEqual([-1, 0, -1, -1, 1, -1, -1, -1, 0, -1]);
    const batch = gatherBatch(data, Int32Array.of(1, 0));
    expect([...(batch.places ?? [])]).toEqual([1, 4, 7]);
    expect([...batch.labels]).toEqual([9, 7, 8]);
  });

  it("leave out words within which a window begins", () => {
    const rows = encodeRows(["d abc a"], null, limit(5), tokenizer);
    const data = labelled(rows, words([0, 1, 1, 2, 5, 2, 6, 7, 3]));
    // Windows of three tokens: d a ##b | ##c a.
    expect([...(rows.textStart ?? [])]).toEqual([0, 2]);
    expect([...data.labels]).toEqual([-100, 1, 2, -100, -100, -100, -100, 3, -100]);
  });

  it("give a batch without words one place without a label", () => {
    const data = labelled(encodeRows(["d"], null, limit(16), tokenizer), words([]));
    const batch = gatherBatch(data, Int32Array.of(0));
    expect([[...(batch.places ?? [])], [...batch.labels]]).toEqual([[0], [-100]]);
  });
});

describe("the places of words", () => {
  it("are those farthest from a cut, where windows overlap", () => {
    const text = "a b d a b d a";
    const rows = encodeRows([text], null, limit(7, 2), tokenizer);
    expect([...(rows.textStart ?? [])]).toEqual([0, 2]);
    const own = [...text].flatMap((letter, at) => (letter === " " ? [] : [at, at + 1, 0]));
    const places = new WordPlaces(labelled(rows, words(own)), Int32Array.of(0));
    // a b d A b | A b d a: the fourth word is as far from the end of the first window as from the beginning of the second.
    expect(places.places).toBe(9);
    expect(Array.from({ length: 9 }, (_, place) => places.wordAt(place))).toEqual([0, 1, 2, 3, -1, -1, 4, 5, 6]);
    expect(places.textOf(4)).toEqual({ text: 0, place: 4 });
  });
});

describe("words of tokens", () => {
  it("continue by ## in WordPiece vocabularies", () => {
    const texts = ["abc d."];
    const rows = encodeRows(texts, null, limit(16), tokenizer);
    const { ofWords } = askWords({ ...rows, spans: rows.spans ?? new Int32Array() }, { texts }, continuesWord(files));
    expect([...ofWords.labels]).toEqual([0, 3, -100, 4, 5, -100, 5, 6, -100]);
  });

  it("continue where there is no space in others, windows or not", () => {
    const kind = kindFiles(readKind("roberta"));
    const roberta = createTokenizer(kind);
    const texts = ["Hello world, caf\u00e9 🙂 again"];
    const ofLimit = (maxLength: number) => {
      const rows = encodeRows(texts, null, limit(maxLength, 2), roberta);
      return [
        ...askWords({ ...rows, spans: rows.spans ?? new Int32Array() }, { texts }, continuesWord(kind)).ofWords.labels,
      ];
    };
    const none = -100;
    expect(ofLimit(64)).toEqual([0, 5, none, 6, 12, none, 13, 17, none, 18, 19, none, 20, 25, none]);
    expect(ofLimit(9)).toEqual(ofLimit(64));
  });
});
