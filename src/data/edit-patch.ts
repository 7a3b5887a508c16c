import { isObject } from "../io/json-object.ts";
import { Problem } from "../problem/problem.ts";
import { counted } from "../recipe/wording.ts";
import type { CellEdit, Edit } from "./edits.ts";
import type { Table } from "./table.ts";

/** What identifies the file of a patch in its first line. */
const FORMAT = "tabtune-edits";
const VERSION = 1;

type PatchedTable = Pick<Table, "name" | "columns" | "cells" | "rowCount">;

/**
 * Edits as a patch in JSON Lines. The first line names the table: file, number of rows, columns. Each further line is an
 * edit, in order, with the row's number and the hash of its cells as they were read, and the new texts of cells beside the
 * old ones, or that the row is dropped (or not).
 *
 * @param table as it was read, without the edits
 */
export function editPatchText(table: PatchedTable, edits: readonly Edit[]): string {
  const { name, columns, rowCount } = table;
  const head = { format: FORMAT, version: VERSION, file: name, rows: rowCount, columns };
  const lines = edits.map((edit) => {
    const of = { row: edit.row, hash: rowHash(table, edit.row) };
    if ("dropped" in edit) return { ...of, drop: edit.dropped };
    const set = edit.cells.map(({ column, text }) => ({
      column: columns[column] ?? "",
      place: column + 1,
      from: table.cells[column]?.at(edit.row - 1) ?? "",
      to: text,
    }));
    return { ...of, set };
  });
  return [head, ...lines].map((line) => `${JSON.stringify(line)}\n`).join("");
}

/**
 * Reads a patch for a table.
 *
 * @param table as it was read, without edits
 * @param name of the patch's file, for messages
 * @throws {Problem} where the file is no patch, or one of another table: other columns, another number of rows, or other
 * texts in a row that it changes
 */
export function parseEditPatch(text: string, name: string, table: PatchedTable): Edit[] {
  const [first = "", ...rest] = text.replace(/^\ufeff/, "").split(/\r?\n/);
  const head = jsonOf(first);
  if (!isObject(head) || head["format"] !== FORMAT) throw noPatch(name);
  if (head["version"] !== VERSION) {
    throw new Problem({
      found: `${name} is a patch of version ${String(head["version"])}.`,
      expected: `Version ${VERSION} was expected.`,
      remedy: "Read it with the version of Tabtune that wrote it.",
    });
  }
  const file = typeof head["file"] === "string" ? head["file"] : "another file";
  const refuse = (why: string) => otherTable(name, file, table.name, why);
  if (head["rows"] !== table.rowCount) {
    const rows = typeof head["rows"] === "number" ? counted(head["rows"], "row") : "no number of rows";
    throw refuse(`it has ${rows}, and ${table.name} has ${counted(table.rowCount, "row")}`);
  }
  if (JSON.stringify(head["columns"]) !== JSON.stringify(table.columns)) throw refuse("its columns have other names");
  return rest.flatMap((line, i) => {
    if (line.trim() === "") return [];
    const edit = editOf(jsonOf(line), table);
    if (edit === null) throw badLine(name, i + 2);
    if (edit.hash !== rowHash(table, edit.edit.row)) throw refuse(`row ${edit.edit.row} has other cells`);
    return [edit.edit];
  });
}

/** An edit of a line of a patch; null where the line is none. */
function editOf(line: unknown, { columns, rowCount }: PatchedTable): { edit: Edit; hash: unknown } | null {
  if (!isObject(line)) return null;
  const { row, hash, drop, set } = line;
  if (typeof row !== "number" || !Number.isInteger(row) || row < 1 || row > rowCount) return null;
  if (typeof drop === "boolean") return { edit: { row, dropped: drop }, hash };
  if (!Array.isArray(set)) return null;
  const cells: CellEdit[] = [];
  for (const cell of set as unknown[]) {
    if (!isObject(cell) || typeof cell["place"] !== "number" || typeof cell["to"] !== "string") return null;
    const column = cell["place"] - 1;
    if (columns[column] === undefined) return null;
    cells.push({ column, text: cell["to"] });
  }
  return { edit: { row, cells }, hash };
}

/**
 * 16 hexadecimal digits of FNV-1a (64 bits) over the cells of a row in UTF-8, written as a JSON array without spaces.
 *
 * @param row from 1
 */
function rowHash({ cells }: PatchedTable, row: number): string {
  const text = JSON.stringify(cells.map((column) => column.at(row - 1) ?? ""));
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  }
  return hash.toString(16).padStart(16, "0");
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}

const expected = "A patch was expected, as Tabtune writes it of the changes of a table.";

function noPatch(name: string): Problem {
  return new Problem({ found: `${name} is no patch of a table.`, expected, remedy: "Choose the file of a patch." });
}

function badLine(name: string, line: number): Problem {
  return new Problem({
    found: `Line ${line} of ${name} is no change of a row of the table.`,
    expected: `{"row", "hash", "set"} or {"row", "hash", "drop"} was expected there.`,
    remedy: "Export the patch again, or take the line out.",
  });
}

function otherTable(name: string, file: string, table: string, why: string): Problem {
  const other = file === table ? `another version of ${file}` : file;
  return new Problem({
    found: `${name} is a patch for ${other}, not for ${table}: ${why}.`,
    expected: "A patch fits the file that it was made of alone, so that no other row is changed.",
    remedy: `Open ${file} as it was when the patch was made, or take another patch.`,
  });
}
