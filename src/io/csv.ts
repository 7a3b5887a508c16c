import { commonWidth, detectDialect, unquoted } from "./csv-dialect.ts";
import { CsvColumns, type CsvLayout } from "./csv-columns.ts";
import { findHeading } from "./csv-header.ts";
import { type Dialect, isBlank, RowScanner, scanRows } from "./row-scanner.ts";
import type { FormatOverrides, ParsedTable } from "./parsed-table.ts";
import { emptyTable, type TextFile } from "./table-text.ts";

/** How a layout reads the rows of the whole file. */
interface Survey {
  rows: number;
  /** Rows whose number of cells differs from the most common one. */
  ragged: number;
  faults: number;
}

/**
 * Reads a delimited text file. Parts of the format that are not overridden are detected.
 * Trailing columns with neither name nor content are dropped.
 * Throws a `Problem` for a file that is blank or has only a header.
 */
export async function readDelimited(file: TextFile, overrides: FormatOverrides = {}): Promise<ParsedTable> {
  const { sample, isCut } = file;
  let dialect = detectDialect(sample, overrides, isCut);
  let columns = await readColumns(file, dialect, overrides);
  const { strayQuotes, unclosed } = columns.faults;
  const isFaulty = strayQuotes.count > 0 || unclosed !== null;
  // Programs with other delimiters than commas seldom quote. There a cell that only begins with a quote must not
  // swallow the rows below it.
  if (isFaulty && dialect.delimiter !== "," && dialect.quote !== "" && typeof overrides.quote !== "string") {
    const bare = unquoted(dialect);
    const [quotedRows, bareRows] = [await survey(file, dialect), await survey(file, bare)];
    if (bareRows.ragged / bareRows.rows <= (quotedRows.ragged + quotedRows.faults) / quotedRows.rows) {
      dialect = bare;
      columns = await readColumns(file, dialect, overrides);
    }
  }
  const { names, cells, rowCount, lines, faults, skippedLines, layout } = columns;
  if (layout === null) throw emptyTable(file.name, "holds nothing but blank lines");
  if (rowCount === 0) throw emptyTable(file.name, "has a header row but no rows below it");
  const { delimiter, quote } = dialect;
  return {
    format: {
      kind: "delimited",
      encoding: file.encoding,
      delimiter,
      quote,
      header: layout.header,
      skippedLines,
      sheet: null,
    },
    encodingConfidence: file.encodingConfidence,
    columns: names,
    cells,
    rowCount,
    lines,
    faults,
    sheets: [],
  };
}

/** The columns of the file in one reading. */
async function readColumns(file: TextFile, dialect: Dialect, overrides: FormatOverrides) {
  const layout = layoutOf(file, dialect, overrides);
  const columns = new CsvColumns(layout);
  const scanner = new RowScanner(dialect);
  let isEmpty = true;
  for await (const piece of file.pieces((line) => columns.noteForeignLine(line))) {
    isEmpty &&= piece.trim() === "";
    columns.add(scanner.push(piece, false));
  }
  columns.add(scanner.push("", true));
  columns.seal();
  const { names, cells, rowCount, lines, faults, skippedLines } = columns;
  return { names, cells, rowCount, lines, faults, skippedLines, layout: isEmpty ? null : layout };
}

function layoutOf({ sample, isCut }: TextFile, dialect: Dialect, { header }: FormatOverrides): CsvLayout {
  let rows = scanRows(sample, dialect, isCut);
  // The first row alone is longer than the sample.
  if (rows.length === 0) rows = scanRows(sample, dialect);
  const filled = rows.filter(({ cells }) => !isBlank(cells));
  const width = commonWidth(filled);
  return { delimiter: dialect.delimiter, width, ...findHeading(rows.slice(0, 400), width, header) };
}

async function survey(file: TextFile, dialect: Dialect): Promise<Survey> {
  const scanner = new RowScanner(dialect);
  const widths = new Map<number, number>();
  const result = { rows: 0, ragged: 0, faults: 0 };
  const count = (rows: ReturnType<RowScanner["push"]>) => {
    for (const { cells, stray, unclosed } of rows) {
      if (isBlank(cells)) continue;
      result.rows++;
      if (stray || unclosed) result.faults++;
      widths.set(cells.length, (widths.get(cells.length) ?? 0) + 1);
    }
  };
  for await (const piece of file.pieces()) count(scanner.push(piece, false));
  count(scanner.push("", true));
  result.ragged = result.rows - Math.max(0, ...[...widths].filter(([width]) => width > 1).map(([, rows]) => rows));
  return result;
}
