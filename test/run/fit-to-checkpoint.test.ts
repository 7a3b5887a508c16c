import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { checkpointFit } from "../../src/tokenize/checkpoint-fit.ts";
import { fitFindings } from "../../src/run/fit-findings.ts";
import { unknownToken } from "../../src/tokenize/special-tokens.ts";
import { createTokenizer } from "../../src/tokenize/tokenizer.ts";
import { smallTokenizer } from "../tokenize/starter-tokenizer.ts";

const read = (name: string) => readFileSync(new URL(`../../public/starter/${name}`, import.meta.url), "utf8");
const files = { tokenizerJson: read("tokenizer.json"), tokenizerConfigJson: read("tokenizer_config.json") };
const tokenizer = createTokenizer(files);
const fitOf = (texts: readonly string[]) =>
  checkpointFit(texts, { tokenizer, unknownId: unknownToken(files), maxPositions: 512 });
const said = (texts: readonly string[], by = {}) =>
  fitFindings(fitOf(texts), { lowercase: true, maxPositions: 512, readsWindows: false, ...by })
    .map(({ text, remedy }) => `${text} ${remedy}`)
    .join("\n")
    .replaceAll("\u202f", " ");
const times = (text: string, count = 40) => Array.from({ length: count }, (_, i) => `${text} ${i}`);

const english = readFileSync(new URL("../../public/sample/sms-spam.csv", import.meta.url), "utf8")
  .split("\n")
  .slice(1, 400);

describe("the fit of an English, uncased checkpoint", () => {
  it("to English messages has nothing to be said", () => {
    const fit = fitOf(english);
    expect(fit.texts).toBe(399);
    expect(fit.piecesPerWord).toBeGreaterThan(1.1);
    expect(fit.piecesPerWord).toBeLessThan(2);
    expect(fit.scripts[0]?.script).toBe("Latin");
    expect(said(english)).toBe("");
  });

  it("to Russian texts names the script, with a suggestion", () => {
    const texts = times("Сегодня вечером мы идём в новый театр на набережной");
    expect(said(texts)).toBe(
      "100 % of the words are Cyrillic, which this checkpoint's tokenizer knows only letter by letter. Choose a multilingual checkpoint, or one for the language of the texts.",
    );
    const mixed = [...english, ...times("Привет как твои дела сегодня", 400)];
    expect(said(mixed)).toMatch(/^\d+ % of the words are Cyrillic/);
  });

  it("to emoji and unknown signs counts them as unknown", () => {
    const texts = times("good morning 🙂🙂 friends");
    const fit = fitOf(texts);
    expect(fit.unknownShare).toBeCloseTo(1 / 5, 1);
    expect(fit.unknownWords[0]).toEqual({ word: "🙂🙂", count: 40 });
    expect(said(texts)).toMatch(/of the tokens are unknown to this checkpoint, most often in “🙂🙂”/);
  });

  it("to words of many pieces says so", () => {
    const texts = times(
      "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz Donaudampfschifffahrtsgesellschaft",
    );
    expect(said(texts)).toMatch(/^A word takes \d+\.\d pieces of the tokenizer/);
  });

  it("to capitals and long texts says what is lost", () => {
    const loud = times("WHY IS NOBODY LISTENING TO ME");
    expect(said(loud)).toMatch(/of the letters are capitals, and this checkpoint reads all letters as small ones/);
    expect(said(loud, { lowercase: false })).toMatch(/which a cased checkpoint has seldom read/);
    const long = times("a word ".repeat(400), 10);
    expect(said(long)).toMatch(/^100 % of the texts are longer than the 512 tokens/);
    expect(said(long, { readsWindows: true })).toBe("");
    expect(fitOf(long).beyondPositions).toBe(1);
  });

  it("to no text is empty", () => {
    expect(fitOf([])).toMatchObject({ texts: 0, words: 0, piecesPerWord: 0, unknownShare: 0, capitals: 0 });
    expect(said(["", " "])).toBe("");
  });
});

it("a word of letters that a tokenizer lacks is unknown", () => {
  const small = smallTokenizer(["good"]);
  const fit = checkpointFit(["good bad", "good"], {
    ...{ tokenizer: createTokenizer(small), unknownId: unknownToken(small), maxPositions: 8 },
  });
  expect(fit.unknownShare).toBeCloseTo(1 / 3);
  expect(fit.unknownWords).toEqual([{ word: "bad", count: 1 }]);
});
