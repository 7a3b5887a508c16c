import { describe, expect, it } from "vitest";
import { entitiesOf } from "../../../src/tasks/token-classification/entities.ts";

const names = ["O", "B-PER", "I-PER"];
const word = (start: number, end: number, tag: number) => ({ start, end, tag, probability: 0.5 });

describe("the entities of tagged words", () => {
  it("are joined by their letters and stand in code points", () => {
    const words = [word(0, 1, 0), word(1, 5, 1), word(5, 9, 2), word(9, 13, 1)];
    expect(entitiesOf("😀 Ada Lov Eva", words, names)).toEqual([
      { label: "PER", start: 2, end: 9, text: "Ada Lov", score: 0.5 },
      { label: "PER", start: 10, end: 13, text: "Eva", score: 0.5 },
    ]);
  });

  it("are none where a word is a space alone", () => {
    expect(entitiesOf("a  b", [word(0, 1, 0), word(1, 2, 1), word(3, 4, 1)], names)).toEqual([
      { label: "PER", start: 3, end: 4, text: "b", score: 0.5 },
    ]);
  });
});
