import { describe, expect, it } from "vitest";
import { cellValue } from "../../src/data/cell-value.ts";
import { inCodePoints, spansOfCell } from "../../src/data/labelled-spans.ts";

describe("cellValue", () => {
  it.each<[string, unknown]>([
    ['["a", "b"]', ["a", "b"]],
    ["['a', \"it's\", 'say \\'so\\'']", ["a", "it's", "say 'so'"]],
    ["['a' 'b'\n 'c']", ["a", "b", "c"]],
    ["[1 0 2]", [1, 0, 2]],
    ["[(0, 5, 'PER'), (7, 9, 'LOC')]", [[0, 5, "PER"], [7, 9, "LOC"]]], // prettier-ignore
    ["(1,)", [1]],
    ["[{'start': 0, 'end': 5, 'label': None, 'sure': True}]", [{ start: 0, end: 5, label: null, sure: true }]],
    ["[]", []],
    ["[]]", undefined],
    ["no list", undefined],
    ["[unclosed", undefined],
  ])("reads %s", (cell, value) => {
    expect(cellValue(cell)).toEqual(value);
  });
});

describe("spansOfCell", () => {
  const spans = [
    { start: 0, end: 4, label: "PER" },
    { start: 14, end: 20, label: "LOC" },
  ];

  it.each([
    ["doccano, lists", '[[0, 4, "PER"], [14, 20, "LOC"]]'],
    ["doccano, objects", '[{"id":1,"label":"PER","start_offset":0,"end_offset":4},{"id":2,"label":"LOC","start_offset":14,"end_offset":20}]'], // prettier-ignore
    ["Label Studio", '[{"start":0,"end":4,"labels":["PER"]},{"start":14,"end":20,"labels":["LOC"]}]'],
    ["spaCy", '{"entities": [[0, 4, "PER"], [14, 20, "LOC"]]}'],
    ["spaCy, printed by Python", "{'entities': [(0, 4, 'PER'), (14, 20, 'LOC')]}"],
    ["a pipeline's", '[{"entity_group":"PER","start":0,"end":4,"score":0.9},{"entity_group":"LOC","start":14,"end":20,"score":1}]'], // prettier-ignore
    ["lengths", '[{"offset":0,"length":4,"type":"PER"},{"offset":14,"length":6,"type":"LOC"}]'],
    ["labels first", '[["PER", 0, 4], ["LOC", 14, 20]]'],
  ])("reads those of %s", (_, cell) => {
    expect(spansOfCell(cell)).toEqual(spans);
  });

  it("knows a text without any from what is no list of spans", () => {
    expect(spansOfCell("[]")).toEqual([]);
    for (const cell of ['["PER", "LOC"]', "[1, 2]", "[[1, 2]]", '[{"start":0}]', "Anna", '[["a", "b", "c"]]']) {
      expect(spansOfCell(cell)).toBeNull();
    }
  });
});

describe("inCodePoints", () => {
  const text = "🙂 Müller met Bo";
  const name = (start: number, end: number, own = "Müller") => ({ start, end, label: "PER", text: own });

  it.each([
    ["code points", name(2, 8)],
    ["UTF-16 units", name(3, 9)],
    ["bytes", name(5, 12)],
  ])("finds a span by its text where places count %s", (_, span) => {
    expect(inCodePoints([span], Array.from(text))[0]).toMatchObject({ start: 2, end: 8 });
  });

  it("leaves spans as they are whose text is not repeated, or is another one", () => {
    const spans = [{ start: 3, end: 9, label: "PER" }, name(3, 9, "Meier")];
    expect(inCodePoints(spans, Array.from(text))).toEqual(spans);
  });
});
