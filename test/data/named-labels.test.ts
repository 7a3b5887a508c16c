import { describe, expect, it } from "vitest";
import { nameLabels } from "../../src/data/named-labels.ts";
import { openTable } from "../../src/data/table.ts";
import { Problem } from "../../src/problem/problem.ts";
import { textSource } from "../io/model-folder.ts";

const tableOf = (name: string, text: string) => openTable(textSource(name, text));
const column = (table: Awaited<ReturnType<typeof tableOf>>, place: number) => [...(table.cells[place] ?? [])];

describe("names of numbered labels", () => {
  it("stand in place of numbers, whole ones with a point too, and empty cells stay", async () => {
    const table = await tableOf("a.csv", "text,label\none,0\ntwo,1.0\nthree,\nfour,2\n");
    const named = nameLabels(table, 1, ["World", "Sports", "Business"], "names.txt");
    expect(column(named, 1)).toEqual(["World", "Sports", "", "Business"]);
    expect(column(table, 1)[0]).toBe("0");
  });

  it("stand in lists of tags", async () => {
    const rows = [
      { tokens: ["Anna", "sings"], ner_tags: [1, 0] },
      { tokens: ["In", "Rome"], ner_tags: [0, 2] },
    ];
    const table = await tableOf("a.json", JSON.stringify(rows));
    const named = nameLabels(table, 1, ["O", "B-PER", "B-LOC"], "names.txt");
    expect(column(named, 1)).toEqual(['["B-PER","O"]', '["O","B-LOC"]']);
  });

  it("may be numbered from 1, or by themselves", async () => {
    const table = await tableOf("a.csv", "text,label\none,1\ntwo,2\n");
    expect(column(nameLabels(table, 1, ["no", "yes"], "names.txt"), 1)).toEqual(["no", "yes"]);
    expect(column(nameLabels(table, 1, ["2 yes", "1 no"], "names.txt"), 1)).toEqual(["no", "yes"]);
  });

  it("that are too few, or of a column of words, are refused", async () => {
    const table = await tableOf("a.csv", "text,label\none,0\ntwo,7\n");
    const name =
      (lines: string[], place = 1) =>
      () =>
        nameLabels(table, place, lines, "names.txt");
    expect(name(["no", "yes"])).toThrow(Problem);
    expect(name(["no", "yes"])).toThrow(/names.txt has 2 names, and the column "label" of a.csv has "7"/);
    expect(name(["no", "yes"], 0)).toThrow(/has "one", "two"/);
  });
});

it("rows that all begin in one line are found by their number", async () => {
  const rows = [
    { text: "a", label: "x" },
    { text: "b", label: "y" },
  ];
  expect((await tableOf("a.json", JSON.stringify(rows))).lines).toBeNull();
  expect((await tableOf("a.json", JSON.stringify(rows, null, 1))).lines).not.toBeNull();
});
