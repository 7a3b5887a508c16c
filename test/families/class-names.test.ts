import { describe, expect, it } from "vitest";
import { classNames } from "../../src/families/class-names.ts";

const names = (config: unknown, outputs: number) => classNames(config, outputs).names;
const fault = (config: unknown, outputs: number) => classNames(config, outputs).fault ?? "";

describe("classNames", () => {
  it("reads id2label in the order of its numbers, whatever their order in the file", () => {
    expect(names({ id2label: { "0": "a", "1": "b" } }, 2)).toEqual(["a", "b"]);
    expect(
      names(
        JSON.parse(
          '{"id2label": {"10": "k", "2": "c", "0": "a", "1": "b", "3": "d", "4": "e", "5": "f", "6": "g", "7": "h", "8": "i", "9": "j"}}',
        ),
        11,
      ),
    ).toEqual([..."abcdefghijk"]);
    expect(names({ id2label: ["x", "y", "z"] }, 3)).toEqual(["x", "y", "z"]);
  });

  it("takes numbers and truth values for names", () => {
    expect(names({ id2label: { "0": 1, "1": 5 } }, 2)).toEqual(["1", "5"]);
    expect(names({ id2label: { "0": false, "1": true } }, 2)).toEqual(["false", "true"]);
  });

  it("reads label2id where id2label is left out, with names that mean something to JavaScript", () => {
    expect(names(JSON.parse('{"label2id": {"constructor": 1, "__proto__": 0}}'), 2)).toEqual([
      "__proto__",
      "constructor",
    ]);
    expect(names({ label2id: { ham: "0", spam: "1" } }, 2)).toEqual(["ham", "spam"]);
  });

  it("names classes as transformers does where the file leaves names out", () => {
    expect(names({}, 2)).toEqual(["LABEL_0", "LABEL_1"]);
    expect(names({ num_labels: 3 }, 3)).toEqual(["LABEL_0", "LABEL_1", "LABEL_2"]);
    expect(names({ id2label: null, label2id: {} }, 5)).toHaveLength(5);
  });

  it("says that classes are counted from 1", () => {
    expect(fault({ id2label: { "1": "a", "2": "b", "3": "c" } }, 3)).toContain("counts its classes from 1 (1 to 3)");
    expect(fault({ label2id: { no: 1, yes: 2 } }, 2)).toContain("label2id counts its classes from 1");
  });

  it("says where names and head do not fit", () => {
    expect(fault({ id2label: { "0": "a", "1": "b", "2": "c" } }, 2)).toContain("names 3 classes, and the head has 2");
    expect(fault({ num_labels: 4 }, 2)).toContain("num_labels is 4");
    expect(fault({ id2label: { "0": "a", "2": "b" } }, 2)).toContain("from 0 to 1");
    expect(fault({ id2label: { "0": "a", "1": "a" } }, 2)).toContain("two classes “a”");
    expect(fault({ id2label: { zero: "a", one: "b" } }, 2)).toContain("“zero”");
    expect(fault({ id2label: { "0": "a", "1": null } }, 2)).toContain("no name for the class 1");
  });
});
