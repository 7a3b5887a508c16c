import type { ByteSource } from "./byte-source.ts";
import { CsvColumns } from "./csv-columns.ts";
import { commonWidth } from "./csv-dialect.ts";
import { findHeading } from "./csv-header.ts";
import type { ParsedTable, FormatOverrides } from "./parsed-table.ts";
import { isBlank, type ScannedRow } from "./row-scanner.ts";
import { emptyTable, noSheet } from "./table-text.ts";
import { CellLimit } from "./size-limits.ts";
import { SheetReader, attribute, eachTag, textOf } from "./xlsx-cells.ts";

interface SheetPart {
  name: string;
  isHidden: boolean;
  part: ByteSource;
}

/** Number of rows searched for titles and the header. */
const SAMPLE_ROWS = 400;

/**
 * Reads a sheet of a workbook (Office Open XML, ECMA-376): the named one, else the first visible one with rows. Row
 * numbers are those of the sheet.
 */
export async function readWorkbook(
  zip: ByteSource,
  members: readonly ByteSource[],
  overrides: FormatOverrides,
): Promise<ParsedTable> {
  const { name } = zip;
  const parts = new Map(members.map((member) => [member.name.replace(/^\//, "").toLowerCase(), member]));
  const { sheets, usesDates1904 } = await listSheets(name, parts);
  const named = sheets.filter((sheet) => sheet.name === overrides.sheet);
  if (typeof overrides.sheet === "string" && named.length === 0)
    throw noSheet(
      name,
      overrides.sheet,
      sheets.map((one) => one.name),
      "sheet",
    );
  const reader = await SheetReader.open(parts.get("xl/sharedstrings.xml"), parts.get("xl/styles.xml"), usesDates1904);
  const inOrder = [...sheets.filter(({ isHidden }) => !isHidden), ...sheets.filter(({ isHidden }) => isHidden)];
  for (const sheet of named.length > 0 ? named : inOrder) {
    const table = await readSheet(sheet, reader, { overrides, limit: new CellLimit(zip) });
    if (table === null) continue;
    const others = sheets.map((one) => one.name).filter((one) => one !== sheet.name);
    return {
      ...table,
      format: { ...table.format, sheet: sheets.length > 1 || named.length > 0 ? sheet.name : null },
      sheets: others,
    };
  }
  throw emptyTable(name, named.length > 0 ? `has no rows in “${overrides.sheet ?? ""}”` : "has no sheet with rows");
}

async function readSheet(
  sheet: SheetPart,
  reader: SheetReader,
  { overrides, limit }: { overrides: FormatOverrides; limit: CellLimit },
): Promise<ParsedTable | null> {
  const waiting: ScannedRow[] = [];
  const state: { columns: CsvColumns | null; header: boolean } = { columns: null, header: true };
  const begin = () => {
    const width = commonWidth(waiting.filter(({ cells }) => !isBlank(cells)));
    const layout = { delimiter: " ", width, ...findHeading(waiting, width, overrides.header) };
    state.header = layout.header;
    state.columns = new CsvColumns(layout);
    state.columns.add(waiting);
  };
  for await (const { cells, row } of reader.rows(sheet.part)) {
    for (const cell of cells) limit.add(cell);
    const scanned = { cells, line: row, stray: false, unclosed: false };
    if (state.columns !== null) state.columns.add([scanned]);
    else if (waiting.push(scanned) === SAMPLE_ROWS) begin();
  }
  if (state.columns === null) begin();
  const { columns } = state;
  if (columns === null || columns.rowCount === 0) return null;
  columns.seal();
  const { names, cells, rowCount, lines, faults, skippedLines } = columns;
  return {
    format: {
      kind: "xlsx",
      encoding: "utf-8",
      delimiter: null,
      quote: null,
      header: state.header,
      skippedLines,
      sheet: null,
    },
    encodingConfidence: 1,
    columns: names,
    cells,
    rowCount,
    lines,
    faults,
    sheets: [],
  };
}

async function listSheets(name: string, parts: ReadonlyMap<string, ByteSource>) {
  const targets = new Map<string, string>();
  const relations = parts.get("xl/_rels/workbook.xml.rels");
  if (relations !== undefined) {
    for await (const tag of eachTag(relations)) {
      if (tag.name !== "Relationship" || tag.isEnd) continue;
      const target = (attribute(tag, "Target") ?? "").replace(/^\.?\//, "");
      targets.set(attribute(tag, "Id") ?? "", (target.startsWith("xl/") ? target : `xl/${target}`).toLowerCase());
    }
  }
  const sheets: SheetPart[] = [];
  let usesDates1904 = false;
  const workbook = parts.get("xl/workbook.xml");
  if (workbook !== undefined) {
    for await (const tag of eachTag(workbook)) {
      if (tag.name === "workbookPr") usesDates1904 ||= /^(1|true)$/.test(attribute(tag, "date1904") ?? "");
      if (tag.name !== "sheet" || tag.isEnd) continue;
      const id = attribute(tag, "r:id") ?? attribute(tag, "id") ?? "";
      const part = parts.get(targets.get(id) ?? `xl/worksheets/sheet${sheets.length + 1}.xml`);
      const isHidden = (attribute(tag, "state") ?? "visible") !== "visible";
      if (part !== undefined) sheets.push({ name: textOf(attribute(tag, "name") ?? ""), isHidden, part });
    }
  }
  if (sheets.length === 0) throw emptyTable(name, "is a workbook without sheets");
  return { sheets, usesDates1904 };
}
