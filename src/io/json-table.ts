import { Problem } from "../problem/problem.ts";
import { classesOfFeatures, withNames } from "./class-names.ts";
import { isNamed as hasNames } from "./csv-header.ts";
import { isObject } from "./json-object.ts";
import { cellText, JsonElements, recordOf, rowWithin } from "./json-records.ts";
import { shapesOf, type Row } from "./json-shapes.ts";
import type { ParsedTable, FormatOverrides, TableFormat } from "./parsed-table.ts";
import { RecordColumns } from "./record-columns.ts";
import { emptyTable, noSheet, type TextFile } from "./table-text.ts";

/** The largest JSON text, in characters, that is not a list of rows and so is parsed in memory as a whole. */
const LARGEST_WHOLE = 100_000_000;

/** Reads a JSON file: a list of rows piece by piece, other shapes (see json-shapes.ts) whole. */
export async function readJson(file: TextFile, overrides: FormatOverrides): Promise<ParsedTable> {
  return file.sample.trimStart().startsWith("[") ? readList(file) : readWhole(file, overrides);
}

async function readList(file: TextFile): Promise<ParsedTable> {
  const rows = new RowCollector();
  const elements = new JsonElements(1);
  for await (const piece of file.pieces()) {
    for (const { text, line } of elements.push(piece)) rows.add(parsed(file.name, text), line);
  }
  if (!elements.isComplete) throw brokenJson(file.name, "it breaks off before its end");
  return rows.table(file, { sheet: null, sheets: [] });
}

async function readWhole(file: TextFile, overrides: FormatOverrides): Promise<ParsedTable> {
  const pieces: string[] = [];
  let characters = 0;
  for await (const piece of file.pieces()) {
    pieces.push(piece);
    characters += piece.length;
    if (characters > LARGEST_WHOLE) throw tooLarge(file.name);
  }
  const text = pieces.join("");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return readSequence(file, text);
  }
  if (isObject(value) && "cells" in value && "nbformat" in value) {
    throw new Problem({
      found: `${file.name} is a Jupyter notebook.`,
      expected: "A table was expected.",
      remedy: "Save the table from within the notebook, for example with to_csv, and choose that file.",
    });
  }
  const shapes = shapesOf(value);
  const names = [...shapes.keys()];
  const longest = [...names].sort((a, b) => (shapes.get(b)?.length ?? 0) - (shapes.get(a)?.length ?? 0))[0];
  // A table that is the whole value has no name.
  const wanted = names.every((name) => name === "") ? undefined : overrides.sheet;
  const sheet = wanted ?? names.find((name) => /train/i.test(name)) ?? longest;
  const rows = sheet === undefined ? undefined : shapes.get(sheet);
  if (rows === undefined && typeof wanted === "string" && names.length > 0) throw noSheet(file.name, wanted, names);
  if (rows === undefined || sheet === undefined) {
    throw new Problem({
      found: `${file.name} is JSON, but nothing in it looks like rows of texts and labels.`,
      expected: "A list of objects with the same keys, or lists of equal length by name, was expected.",
      remedy: "Write it as JSON Lines or CSV, for example with to_csv('data.csv', index=False).",
    });
  }
  const collector = new RowCollector();
  const classes = classesOfFeatures(isObject(value) ? value["features"] : null);
  const named = (row: Row) =>
    isObject(row) && classes.size > 0 ? withNames(rowWithin(row), { fields: classes }) : row;
  rows.forEach((row, place) => collector.add(named(row), place + 1));
  const others = names.filter((name) => name !== sheet);
  return {
    ...collector.table(file, {
      sheet: names.length > 1 || typeof wanted === "string" ? sheet : null,
      sheets: others,
    }),
    lines: null,
  };
}

/** Consecutive values, each over any number of lines. */
function readSequence(file: TextFile, text: string): ParsedTable {
  const elements = new JsonElements(0);
  const rows = new RowCollector();
  for (const element of elements.push(text)) rows.add(parsed(file.name, element.text), element.line);
  if (!elements.isComplete || rows.count === 0) throw brokenJson(file.name, "its brackets or quotes do not match");
  return rows.table(file, { sheet: null, sheets: [] });
}

/** Collects rows; where rows are lists, the first may have the names. */
class RowCollector {
  private columns = new RecordColumns();
  private firstLists: { row: unknown[]; line: number }[] = [];
  private names: string[] | null = null;
  count = 0;

  add(value: Row, line: number): void {
    this.count++;
    if (!Array.isArray(value)) {
      this.flush();
      this.columns.add(recordOf(value), line);
    } else if (this.names !== null) this.addList(value, line);
    else {
      this.firstLists.push({ row: value, line });
      if (this.firstLists.length >= 200) this.flush();
    }
  }

  table(file: TextFile, { sheet, sheets }: Pick<ParsedTable, "sheets"> & Pick<TableFormat, "sheet">): ParsedTable {
    this.flush();
    if (this.columns.rowCount === 0) throw emptyTable(file.name, "has no rows");
    const { encoding, encodingConfidence } = file;
    const format = {
      kind: "json",
      encoding,
      delimiter: null,
      quote: null,
      header: true,
      skippedLines: 0,
      sheet,
    } as const;
    return { ...this.columns.table(format, encodingConfidence), sheets };
  }

  private flush(): void {
    const lists = this.firstLists;
    if (lists.length === 0) return;
    this.firstLists = [];
    const texts = lists.map(({ row }) => row.map(cellText));
    const isNamed =
      texts.length > 1 && lists[0]?.row.every((cell) => typeof cell === "string") === true && hasNames(texts);
    const width = Math.max(...texts.map(({ length }) => length));
    const names = isNamed ? (texts[0] ?? []) : [];
    this.names = Array.from({ length: width }, (_, place) => names[place] || `column ${place + 1}`);
    for (const { row, line } of isNamed ? lists.slice(1) : lists) this.addList(row, line);
  }

  private addList(row: readonly unknown[], line: number): void {
    const cells = row.map((cell, place) => [this.names?.[place] ?? `column ${place + 1}`, cellText(cell)] as const);
    this.columns.add(cells, line);
  }
}

function parsed(name: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw brokenJson(name, error instanceof Error ? error.message : String(error));
  }
}

function brokenJson(name: string, why: string): Problem {
  return new Problem({
    found: `${name} cannot be read as JSON: ${why.replace(/\s+/g, " ").slice(0, 200)}.`,
    remedy: "Write or download it again; a download that was cut off is the usual cause.",
  });
}

function tooLarge(name: string): Problem {
  return new Problem({
    found: `${name} is one JSON object of more than ${LARGEST_WHOLE / 1e6} million characters.`,
    expected: "Large tables are expected as JSON Lines, CSV, Parquet or a list of objects.",
    remedy: "Write it as JSON Lines, for example with to_json(orient='records', lines=True).",
  });
}
