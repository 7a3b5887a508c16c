import { describe, expect, it } from "vitest";
import { openTable, summarizeTable } from "../../src/data/table.ts";
import { textSource } from "../io/model-folder.ts";

const sentences = [
  ["Ann NNP B-PER", "lives VBZ O", "in IN O", "Rome NNP B-LOC", ". . O"],
  ["Bo NNP B-PER", "Lee NNP I-PER", "slept VBD O", "late RB O"],
  ["The DT O", "road NN O", "to TO O", "Oslo NNP B-LOC", "ends VBZ O"],
  ["Eve NNP B-PER", "was VBD O", "in IN O", "Lima NNP B-LOC", "too RB O"],
];

/** The sentences as rows of a word each; `mark` writes the cell that tells them apart. */
function csvOf(header: string, mark: (sentence: number, word: number) => string): string {
  const rows = sentences.flatMap((words, sentence) =>
    words.map((word, place) => `${mark(sentence, place)},${word.split(" ").join(",")}`),
  );
  return [header, ...rows].join("\n");
}

const opened = (text: string) => openTable(textSource("ner.csv", text));

describe("a table of a word in each row", () => {
  it.each([
    ["in the first row of a sentence", (s: number, w: number) => (w === 0 ? `Sentence: ${s + 1}` : "")],
    ["in every row", (s: number) => `Sentence: ${s + 1}`],
  ])("is read by sentences whose names stand %s", async (_, mark) => {
    const table = await opened(csvOf("Sentence #,Word,POS,Tag", mark));
    expect(table.columns).toEqual(["Sentence #", "Word", "POS", "Tag"]);
    expect(table.rowCount).toBe(4);
    expect(table.cells.map((column) => column.at(1))).toEqual([
      "Sentence: 2",
      '["Bo","Lee","slept","late"]',
      '["NNP","NNP","VBD","RB"]',
      '["B-PER","I-PER","O","O"]',
    ]);
    expect([...(table.lines ?? [])]).toEqual([2, 7, 11, 16]);
    expect(table.findings).toMatchObject([{ id: "grouped-words", severity: "note" }]);
    expect(table.findings[0]?.text).toContain(
      '19 rows are read as 4 sentences, which the column "Sentence #" tells apart',
    );
    expect(summarizeTable(table)).toMatchObject({ task: "token-classification", guess: { text: 1, label: 3 } });
  });

  it("may have parts of speech alone, and columns that are not read", async () => {
    const rows = csvOf("sent_id,token,pos,ner", (s) => String(s)).split("\n");
    const text = rows.map((row, i) => `${i === 0 ? "number" : i},${row.replace(/,[^,]*$/, "")}`).join("\n");
    const table = await opened(text);
    expect(table.columns).toEqual(["sent_id", "token", "pos"]);
    expect(table.findings[0]?.text).toContain('Not read: "number"');
    expect(summarizeTable(table)).toMatchObject({ task: "token-classification", guess: { text: 1, label: 2 } });
  });

  it("stays as it is where nothing says which words are a sentence, or where the rows are texts", async () => {
    const alone = csvOf("Word,POS,Tag", () => "").replaceAll(/^,/gm, "");
    expect((await opened(alone)).rowCount).toBe(19);
    const numbered = csvOf("sentence,word,pos,tag", (_, w) => String(w));
    expect((await opened(numbered)).rowCount).toBe(19);
    const texts = ["text,label", ...Array.from({ length: 12 }, (_, row) => `a text of row ${row},${row % 2}`)];
    expect((await opened(texts.join("\n"))).rowCount).toBe(12);
  });
});
