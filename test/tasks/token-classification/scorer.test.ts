import { describe, expect, it } from "vitest";
import { takeLabels } from "../../../src/data/row-labels.ts";
import { wordLimit } from "../../../src/data/text-limit.ts";
import { labelled } from "../../../src/data/windows.ts";
import { entitiesOf } from "../../../src/tasks/token-classification/entities.ts";
import { printedEntities, predictionColumns } from "../../../src/tasks/token-classification/predictions.ts";
import { pickedTexts } from "../../../src/tasks/token-classification/picked-rows.ts";
import { givenTags, TokenScorer } from "../../../src/tasks/token-classification/scorer.ts";
import { encodeRows } from "../../../src/tokenize/encode-rows.ts";
import { createTokenizer } from "../../../src/tokenize/tokenizer.ts";
import { smallTokenizer } from "../../tokenize/starter-tokenizer.ts";

const names = ["O", "B-PER", "I-PER"];
const tokenizer = createTokenizer(smallTokenizer(["ann", "lee", "met", "bo"]));
/** Logits that give one class nearly all of the probability, or half with another. */
const sure = (tag: number) => names.map((_, k) => (k === tag ? 20 : 0));

describe("the scores of words", () => {
  const limit = wordLimit({ maxLength: 16, longTexts: "cut", windowOverlap: 0 });
  const rows = encodeRows(["ann lee met", "bo"], null, limit, tokenizer);
  const words = {
    labels: Int32Array.of(0, 3, 1, 4, 7, 2, 8, 11, 0, 0, 2, 1),
    labelStart: Int32Array.of(0, 9, 12),
  };
  const data = labelled(rows, words);
  const scorerOf = (...tags: number[]) => {
    const scorer = new TokenScorer(data, Int32Array.of(0, 1), names);
    scorer.add(Float32Array.from(tags.slice(0, 1).flatMap(sure)));
    scorer.add(Float32Array.from(tags.slice(1).flatMap(sure)));
    return scorer;
  };

  it("are of whole entities, with the loss of each word's tag", () => {
    const report = scorerOf(1, 2, 0, 0).report();
    expect(report).toMatchObject({ rows: 2, words: 4, tokenAccuracy: 0.75, micro: { precision: 1, recall: 0.5 } });
    expect(report.types.map(({ type }) => type)).toEqual(["PER"]);
    expect(report.loss).toBeCloseTo(5, 5);
  });

  it("throw while words are missing", () => {
    expect(() => scorerOf(1, 2).report()).toThrow(RangeError);
  });

  it("of some texts are those of these texts alone", () => {
    const scorer = scorerOf(1, 2, 0, 0);
    const second = pickedTexts(words, scorer.scores(), Int32Array.of(1), names);
    expect(second.truth).toEqual({ labels: Int32Array.of(0, 2, 1), labelStart: Int32Array.of(0, 3) });
    expect(second.scores.starts).toEqual(Int32Array.of(0, 1));
    expect(second.report).toMatchObject({ rows: 1, words: 1, tokenAccuracy: 0 });
    const both = pickedTexts(words, scorer.scores(), Int32Array.of(0, 1), names);
    expect(both.report).toEqual(scorer.report());
    expect(both.scores).toEqual(scorer.scores());
  });

  it("say how probable the given tags of a text are in the mean, and whether all are predicted", () => {
    const given = (...tags: number[]) =>
      givenTags({ data, texts: Int32Array.of(0, 1), truth: words }, Float32Array.from(tags.flatMap(sure)), names);
    const { probabilities, isRight } = given(1, 2, 0, 0);
    expect([...probabilities].map((one) => Number(one.toFixed(5)))).toEqual([1, 0]);
    expect([...isRight]).toEqual([1, 0]);
    expect(given(1, 0, 0, 1).probabilities[0]).toBeCloseTo(2 / 3, 5);
    const second = givenTags(
      { data, texts: Int32Array.of(1), truth: takeLabels(words, Int32Array.of(1)) },
      Float32Array.from(sure(1)),
      names,
    );
    expect([second.probabilities[0], second.isRight[0]]).toEqual([expect.closeTo(1, 5), 1]);
  });

  it("are written as true and predicted entities", () => {
    const { header, cellsOf } = predictionColumns(words, scorerOf(1, 0, 0, 1).scores(), names);
    expect(header).toEqual(["entities", "predicted", "right"]);
    expect(cellsOf(0)).toEqual(['[[0,7,"PER"]]', '[[0,3,"PER"]]', 0]);
    expect(cellsOf(1)).toEqual(['[[0,2,"PER"]]', '[[0,2,"PER"]]', 1]);
  });
});

describe("predicted entities", () => {
  const word = (start: number, end: number, tag: number, probability = 0.5) => ({ start, end, tag, probability });

  it("join words as transformers' pipeline does, in code points and without spaces at the ends", () => {
    const text = "🙂 Ann Lee Bo";
    const words = [word(0, 1, 0), word(1, 5, 1, 0.75), word(5, 9, 2, 0.25), word(9, 12, 1, 1)];
    const entities = entitiesOf(text, words, names);
    expect(entities).toEqual([
      { label: "PER", start: 2, end: 9, text: "Ann Lee", score: 0.5 },
      { label: "PER", start: 10, end: 12, text: "Bo", score: 1 },
    ]);
    expect(printedEntities.line({ entities }, names)).toEqual({ entities });
    expect(printedEntities.json(null, names)).toEqual({ entities: null });
  });

  it("begin with a word within, and where the type changes", () => {
    const words = [word(0, 1, 2), word(2, 3, 4), word(4, 5, 0), word(6, 7, 4)];
    const found = entitiesOf("a b c d", words, ["O", "B-PER", "I-PER", "B-LOC", "I-LOC"]);
    expect(found.map(({ label, start, end }) => [label, start, end])).toEqual([
      ["PER", 0, 1],
      ["LOC", 2, 3],
      ["LOC", 6, 7],
    ]);
  });
});
