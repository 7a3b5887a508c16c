import { describe, expect, it } from "vitest";
import { openTable, summarizeTable } from "../../src/data/table.ts";
import { textSource } from "../io/model-folder.ts";

async function findingsOf(text: string) {
  return (await openTable(textSource("x.csv", text), { delimiter: ",", header: true })).findings;
}

describe("openTable", () => {
  it("has nothing to say of a sound file", async () => {
    expect(await findingsOf("text,label\naa bb,x\ncc dd,y\n")).toEqual([]);
  });

  it("blocks a quote that swallows the rows below, and only warns of one in the last row", async () => {
    const swallowed = await findingsOf('text,label\na,x\n"b,y\nc,x\nd,y\n');
    expect(swallowed).toMatchObject([
      { id: "unclosed-quote", severity: "blocking", tableRows: [2] },
      { id: "ragged-rows", tableRows: [2] },
    ]);
    expect(swallowed[0]?.text).toContain("row 2 is never closed");
    expect(await findingsOf('text,label\na,x\n"b,y')).toMatchObject([
      { id: "unclosed-quote", severity: "warning" },
      { id: "ragged-rows" },
    ]);
  });

  it("tells of short rows, spilled texts, huge cells and unreadable characters", async () => {
    const huge = "word ".repeat(25_000);
    const findings = await findingsOf(`text,label\nshort\nspilled,x,over\n${huge},y\n\ufffd,y\n`);
    expect(findings.map(({ id, tableRows }) => [id, tableRows])).toEqual([
      ["ragged-rows", [1]],
      ["ragged-rows", [2]],
      ["huge-cell", [3]],
      ["replaced-characters", [4]],
    ]);
    expect(findings[1]?.text).toContain('kept in "column 3"');
    for (const finding of findings) expect(finding.remedy).not.toBe("");
  });
});

describe("summarizeTable", () => {
  it("shows the first 50 rows, cells cut at 500 characters, and the guess", async () => {
    const rows = Array.from(
      { length: 80 },
      (_, row) => `${"long text ".repeat(70)}${row},${row % 2 === 0 ? "a" : "b"}`,
    );
    const summary = summarizeTable(await openTable(textSource("my.csv", ["text,label", ...rows].join("\n"))));
    expect(summary).toMatchObject({ name: "my.csv", rowCount: 80, columns: ["text", "label"], guessProblem: "" });
    expect(summary.guess).toEqual({ text: 0, pair: null, label: 1 });
    expect(summary.preview).toHaveLength(50);
    expect(summary.preview[0]?.[0]).toHaveLength(500);
  });

  it("shows every cell of a row that ends early", async () => {
    const table = await openTable(textSource("x.csv", "a,b\n1,2,3\n4,5\n"), { header: true });
    expect(summarizeTable(table).preview).toEqual([
      ["1", "2", "3"],
      ["4", "5", ""],
    ]);
  });
});
