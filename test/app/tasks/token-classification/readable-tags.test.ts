import { describe, expect, it } from "vitest";
import { readableTags } from "../../../../src/app/tasks/token-classification/readable-tags.ts";

const read = (text: string, label: string) => readableTags({ text, label });

describe("the first rows of tagged words", () => {
  it("show a list of words as a sentence, and its tags as entities", () => {
    const rome = { text: "Ann Lee flew to Rome", label: "Ann Lee (PER), Rome (LOC)" };
    expect(read('["Ann","Lee","flew","to","Rome"]', '["B-PER","I-PER","O","O","B-LOC"]')).toEqual(rome);
    expect(read("['Ann' 'Lee' 'flew' 'to' 'Rome']", "B-PER I-PER O O B-LOC")).toEqual(rome);
    expect(read("Ann Lee flew to Rome", "B-PER I-PER O O B-LOC")).toEqual(rome);
    expect(read('["It","rains"]', '["O","O"]').label).toBe("no entity");
  });

  it("show the words of spans", () => {
    const spans = '[{"start": 2, "end": 6, "label": "LOC"}]';
    expect(read("🙂 Rome", spans)).toEqual({ text: "🙂 Rome", label: "Rome (LOC)" });
  });

  it("show what is left of a cell that was cut off", () => {
    expect(read('["Ann","Lee","flew","to","Ro', '["B-PER","I-PER","O","O","B-LOC","O","O')).toEqual({
      text: "Ann Lee flew to",
      label: "Ann Lee (PER)",
    });
  });

  it("show tags without letters as they are, and so what is not understood", () => {
    expect(read('["a","b"]', "[3, 0]")).toEqual({ text: "a b", label: "3 0" });
    expect(read("a b", "NOUN VERB")).toEqual({ text: "a b", label: "NOUN VERB" });
    expect(read("one word", "of three tags")).toEqual({ text: "one word", label: "of three tags" });
  });
});
