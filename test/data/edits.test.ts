import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { prepareData } from "../../src/data/dataset.ts";
import { editPatchText, parseEditPatch } from "../../src/data/edit-patch.ts";
import { editedTable, type Edit } from "../../src/data/edits.ts";
import { tableCsv } from "../../src/data/table-csv.ts";
import { openTable, previewOf, type Table } from "../../src/data/table.ts";
import { Problem } from "../../src/problem/problem.ts";
import { readerOf } from "../../src/tasks/targets.ts";
import { textSource } from "../io/model-folder.ts";
import { byRow } from "./cells.ts";

const choice = { text: 0, pair: null, label: 1 };
const lines = ["text,label", "fine day,good", '"bad, day",bad', "dull day,bad", ",bad", "long night,good", "no sleep,"];
const open = (text = lines.join("\n"), name = "days.csv") => openTable(textSource(name, text), { header: true });

function prepared(table: Table) {
  return prepareData(table, choice, { readerOf, share: 0.3, seed: 1, validationTable: null });
}

describe("editedTable", () => {
  it("changes cells and drops rows, which keep their numbers, and leaves the table as it was", async () => {
    const table = await open();
    const before = byRow(table.cells);
    const edits: Edit[] = [
      { row: 2, cells: [{ column: 1, text: "good" }] },
      { row: 3, dropped: true },
      {
        row: 5,
        cells: [
          { column: 0, text: "short night" },
          { column: 1, text: "bad" },
        ],
      },
      { row: 5, cells: [{ column: 1, text: "fair" }] },
    ];
    const edited = editedTable(table, edits);
    expect(byRow(edited.cells)).toEqual([
      ["fine day", "good"],
      ["bad, day", "good"],
      ["", ""],
      ["", "bad"],
      ["short night", "fair"],
      ["no sleep", ""],
    ]);
    expect(byRow(table.cells)).toEqual(before);
    expect(previewOf(edited)).toHaveLength(5);
    expect([...(edited.cells[0] ?? [])]).toHaveLength(6);
  });

  it("takes a row back with its changes", async () => {
    const edits: Edit[] = [
      { row: 1, cells: [{ column: 1, text: "bad" }] },
      { row: 1, dropped: true },
      { row: 1, dropped: false },
    ];
    expect(byRow(editedTable(await open(), edits).cells)[0]).toEqual(["fine day", "bad"]);
  });

  it("leaves dropped rows out of all counts, and labels that only they had out of the classes", async () => {
    const plain = prepared(await open()).summary;
    expect(plain.labelNames).toEqual(["bad", "good"]);
    const edited = editedTable(await open(), [
      { row: 1, cells: [{ column: 1, text: "odd" }] },
      { row: 1, dropped: true },
      { row: 4, dropped: true },
      { row: 6, cells: [{ column: 1, text: "bad" }] },
    ]);
    const { summary, train, validation } = prepared(edited);
    expect(summary.labelNames).toEqual(["bad", "good"]);
    expect([...train.tableRows, ...validation.tableRows].sort()).toEqual([2, 3, 5, 6]);
    expect(summary.droppedRows).toBe(0);
    expect(summary.findings.map(({ id }) => id)).not.toContain("empty-text");
  });

  it("does not take edits of a row or column that there is not", async () => {
    const table = await open();
    expect(() => editedTable(table, [{ row: 7, dropped: true }])).toThrow("row 7 of a table of 6 rows");
    expect(() => editedTable(table, [{ row: 1, cells: [{ column: 2, text: "" }] }])).toThrow("column 2");
  });
});

describe("tableCsv", () => {
  it("writes the edited table, which reads back as it is", async () => {
    const edited = editedTable(await open(), [
      { row: 3, dropped: true },
      { row: 1, cells: [{ column: 0, text: 'a "quoted",\nlong\r\ntext ' }] },
    ]);
    const text = [...tableCsv(edited)].join("");
    const again = await open(text, "again.csv");
    expect(again.columns).toEqual(["text", "label"]);
    expect(byRow(again.cells)).toEqual(byRow(edited.cells).filter((_, row) => row !== 2));
  });
});

const cell = fc.string({ unit: "binary", maxLength: 8 });

describe("a patch", () => {
  it("reads back as the edits that were written, whatever their texts", async () => {
    const table = await open();
    const row = fc.integer({ min: 1, max: 6 });
    const edit: fc.Arbitrary<Edit> = fc.oneof(
      fc.record({ row, dropped: fc.boolean() }),
      fc.record({ row, cells: fc.array(fc.record({ column: fc.integer({ min: 0, max: 1 }), text: cell })) }),
    );
    fc.assert(
      fc.property(fc.array(edit), (edits) => {
        expect(parseEditPatch(editPatchText(table, edits), "days.edits.jsonl", table)).toEqual(edits);
      }),
    );
  });

  it("says which file it is of, and what each row was", async () => {
    const [head, first] = editPatchText(await open(), [{ row: 2, cells: [{ column: 1, text: "good" }] }]).split("\n");
    expect(JSON.parse(head ?? "")).toEqual({
      format: "tabtune-edits",
      version: 1,
      file: "days.csv",
      rows: 6,
      columns: ["text", "label"],
    });
    // printf '["bad, day","bad"]' through FNV-1a of 64 bits.
    expect(JSON.parse(first ?? "")).toEqual({
      row: 2,
      hash: fnv('["bad, day","bad"]'),
      set: [{ column: "label", place: 2, from: "bad", to: "good" }],
    });
  });

  it("is refused by name for another table", async () => {
    const table = await open();
    const patch = editPatchText(table, [{ row: 2, dropped: true }]);
    const refusal = async (text: string, name = "days.csv") => {
      const other = await open(text, name);
      try {
        parseEditPatch(patch, "p.jsonl", other);
        return "";
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        return error.found;
      }
    };
    const changed = lines.join("\n").replace("bad, day", "bad; day");
    expect(await refusal(changed, "weeks.csv")).toBe(
      "p.jsonl is a patch for days.csv, not for weeks.csv: row 2 has other cells.",
    );
    expect(await refusal(changed)).toContain("another version of days.csv");
    expect(await refusal(`${lines.join("\n")}\nmore,bad`)).toContain("it has 6 rows, and days.csv has 7 rows");
    expect(await refusal(lines.join("\n").replace("text,label", "text,mood"))).toContain("columns have other names");
    expect(await refusal(lines.join("\n"), "renamed.csv")).toBe("");
  });

  it("names the line that is no change, and a file that is no patch", async () => {
    const table = await open();
    const head = editPatchText(table, []);
    const read = (text: string) => () => parseEditPatch(text, "p.jsonl", table);
    for (const bad of ['{"row":7,"drop":true}', '{"row":1}', "{", '{"row":1,"set":[{"place":3,"to":"x"}]}', "[]"])
      expect(read(`${head}${bad}\n`)).toThrow("Line 2 of p.jsonl is no change");
    expect(read('{"text":"a","label":"b"}')).toThrow("p.jsonl is no patch of a table.");
    expect(read(head.replace('"version":1', '"version":2'))).toThrow("version 2");
  });
});

/** FNV-1a with two numbers of 32 bits in place of a bigint. */
function fnv(text: string): string {
  let [high, low] = [0xcbf29ce4, 0x84222325];
  for (const byte of Buffer.from(text)) {
    low = (low ^ byte) >>> 0;
    // × (2^40 + 0x1b3)
    const product = low * 0x1b3;
    const carry = Math.floor(product / 2 ** 32);
    high = (Math.imul(high, 0x1b3) + carry + (low << 8)) >>> 0;
    low = product >>> 0;
  }
  return [high, low].map((part) => part.toString(16).padStart(8, "0")).join("");
}
