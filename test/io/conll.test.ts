import { describe, expect, it } from "vitest";
import { bytesSource } from "../../src/io/byte-source.ts";
import { readTable } from "../../src/io/read-table.ts";

const read = async (text: string) => {
  const { format, cells, lines } = await readTable(bytesSource("a.txt", new TextEncoder().encode(text)));
  const values = (cell: string) => (format.kind === "conll" ? (JSON.parse(cell) as unknown) : cell);
  const rows = Array.from(cells[0] ?? [], (_, row) => cells.map((column) => values(column.at(row) ?? "")));
  return { kind: format.kind, rows, lines: [...(lines ?? [])] };
};
const times = (text: string, count = 4) => Array.from({ length: count }, () => text).join("");

describe("CoNLL files", () => {
  it("are not tables whose texts end in tags", async () => {
    const rows = Array.from({ length: 30 }, (_, i) => `win a free prize now ${i},O ${i % 2 ? "O" : "B-FOOD"} O O O O`);
    expect((await read(`text,tags\n${rows.join("\n")}\n`)).kind).toBe("delimited");
  });

  it("are cut at commas where blank lines tell sentences apart, and a comma may be a word", async () => {
    const sentence = 'Yes,O\n",",O\n"said ""Jo""",B-PER\n\n';
    const { kind, rows } = await read(times(sentence));
    expect(kind).toBe("conll");
    expect(rows[0]).toEqual([["Yes", ",", 'said "Jo"'], ["O", "O", "B-PER"]]); // prettier-ignore
    expect((await read(times(sentence.trim() + "\n", 9))).kind).toBe("delimited");
    expect((await read(`text,label\n${times("good,ham\n\nbad,spam\n\n", 9)}`)).kind).toBe("delimited");
  });

  it("are read by their last column of tags", async () => {
    const { kind, rows, lines } = await read(
      `-DOCSTART- -X- -X- O\n\n${times("EU NNP B-NP B-ORG\nrejects VBZ B-VP O\n\n")}`,
    );
    expect(kind).toBe("conll");
    expect(rows).toEqual(Array.from({ length: 4 }, () => [["EU", "rejects"], ["B-ORG", "O"]])); // prettier-ignore
    expect(lines).toEqual([3, 6, 9, 12]);
  });

  it("are read by the first column of tags where words are numbered, without comments", async () => {
    const { rows } = await read(times("#\thttp://a.b [2009]\n1\tAm\tO\tO\n2\tTU Berlin\tB-ORG\tB-LOC\n\n"));
    expect(rows).toHaveLength(4);
    expect(rows[0]).toEqual([["Am", "TU Berlin"], ["O", "B-ORG"]]); // prettier-ignore
  });

  it.each([
    ["tabs", "token\tner\n", times("EU\tB-ORG\nrejects\tO\n\n")],
    ["spaces", "word pos ner\n", times("EU NNP B-ORG\nrejects VBZ O\n\n")],
    ["commas", "word,ner\n", times("EU,B-ORG\nrejects,O\n\n")],
    ["semicolons", "word;pos;ner\n", times("EU;NNP;B-ORG\nrejects;VBZ;O\n\n")],
  ])("have a header or none, with %s", async (_, header, lines) => {
    const [named, unnamed] = [await read(header + lines), await read(lines)];
    expect(unnamed.rows[0]).toEqual([["EU", "rejects"], ["B-ORG", "O"]]); // prettier-ignore
    expect(named.rows).toEqual(unnamed.rows);
    expect(named.kind).toBe("conll");
  });

  it.each([
    ["IOB1", ["I-PER", "B-PER", "O"]],
    ["BILOU", ["B-PER", "L-PER", "U-LOC"]],
    ["letters alone", ["B", "I", "O"]],
    ["types alone", ["PER", "PER", "O"]],
    ["parts of speech", ["NOUN", "VERB", "ADP"]],
  ])("have tags as %s", async (_, tags) => {
    const { kind, rows } = await read(times(`${tags.map((tag, i) => `word${i} ${tag}\n`).join("")}\n`));
    expect(kind).toBe("conll");
    expect(rows[0]).toEqual([["word0", "word1", "word2"], tags]);
  });

  it.each([
    ["two columns", "EU B-ORG\nrejects O\n\n", "calls\n"],
    ["four columns", "EU NNP B-NP B-ORG\nrejects VBZ B-VP O\n\n", "calls NNS I-NP\n"],
  ])("may have a line that lacks its tag, with %s", async (_, lines, broken) => {
    const { kind, rows } = await read(times(lines, 40) + broken + times(lines, 40));
    expect(kind).toBe("conll");
    expect(rows).toHaveLength(80);
    expect(rows[40]).toEqual([["EU", "rejects"], ["B-ORG", "O"]]); // prettier-ignore
  });

  it("are no tables with blank lines between rows", async () => {
    const { kind } = await readTable(bytesSource("a.tsv", new TextEncoder().encode(times("a text\tP\nanother\tN\n\n")))).then(({ format }) => format); // prettier-ignore
    expect(kind).toBe("delimited");
  });
});

it("Label Studio's marked stretches are a list under their name", async () => {
  const result = [
    { from_name: "label", value: { start: 0, end: 4, text: "Anna", labels: ["PER"] } },
    { from_name: "label", value: { start: 9, end: 15, text: "Berlin", labels: ["LOC"] } },
    { from_name: "mood", value: { choices: ["calm"] } },
  ];
  const tasks = Array.from({ length: 4 }, (_, id) => ({
    id,
    data: { text: "Anna und Berlin" },
    annotations: [{ result }],
  }));
  const { columns, cells } = await readTable(bytesSource("a.json", new TextEncoder().encode(JSON.stringify(tasks))));
  expect(columns).toEqual(["text", "label", "mood"]);
  expect(JSON.parse(cells[1]?.at(0) ?? "")).toEqual([
    { start: 0, end: 4, text: "Anna", labels: ["PER"] },
    { start: 9, end: 15, text: "Berlin", labels: ["LOC"] },
  ]);
});
