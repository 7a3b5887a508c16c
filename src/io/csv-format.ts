import Papa from "papaparse";
import type { FormatOverrides } from "./table-format.ts";
import type { TextEncoding } from "./text-encoding.ts";

/** How a delimited text file is read; found by inspection, each part can be overruled. */
export interface CsvFormat {
  encoding: TextEncoding;
  delimiter: string;
  /** Quote character, or "" where quotes mean nothing. */
  quote: string;
  header: boolean;
}

/** All of the format but the encoding. */
export type CsvLayout = Omit<CsvFormat, "encoding">;

const delimiters = [",", "\t", ";", "|"] as const;
const SAMPLE_ROWS = 200;

/**
 * Delimiter, quote and header row of a table, from its beginning. The delimiter is the one that cuts most rows into
 * the same number of cells, more than one. What `known` gives is taken as it is.
 */
export function sniffFormat(sample: string, known: FormatOverrides = {}): CsvLayout {
  const choices = typeof known.delimiter !== "string" ? delimiters : [known.delimiter];
  const quotes = typeof known.quote !== "string" ? ['"', "'", ""] : [known.quote];
  let best: Omit<CsvLayout, "header"> = { delimiter: choices[0] ?? ",", quote: quotes[0] ?? '"' };
  let bestScore = 0;
  for (const delimiter of choices) {
    for (const quote of quotes) {
      // Apostrophes are common in text: they are quotes only where a good part of the cells stands between two.
      if (quote === "'" && quotes.length > 1 && !isQuotedBy(quote, sample, delimiter)) continue;
      // In comma-separated files quotes always mean something; tools that write tabs often leave them bare.
      if (quote === "" && quotes.length > 1 && delimiter !== "\t") continue;
      const score = consistency(cellsOf(sample, { delimiter, quote }));
      if (score > bestScore + 1e-9) {
        best = { delimiter, quote };
        bestScore = score;
      }
    }
  }
  return { ...best, header: known.header ?? hasHeader(cellsOf(sample, best)) };
}

/** Some rows one below the other, and what the parser had to say of them; `row` counts from the first of these. */
export type ParsedRows = Pick<Papa.ParseResult<string[]>, "data" | "errors">;

/** What is used of papaparse's parser; its own type leaves the result open. */
interface Parser {
  parse(text: string, baseIndex: number, ignoreLastRow: boolean): Papa.ParseResult<string[]>;
}

/** Parses a text piece by piece, so that neither it nor its rows stand in memory whole. */
export class RowParser {
  private readonly config: Papa.ParseConfig;
  /** What follows the last whole row. */
  private rest = "";
  /** Characters of it that were looked through without finding its end. */
  private lookedAt = 0;

  /** @param beginning tells which line ends there are */
  constructor({ delimiter, quote }: Omit<CsvLayout, "header">, beginning: string, preview = 0) {
    this.config = {
      delimiter,
      newline: beginning.includes("\n") ? "\n" : "\r",
      preview,
      // Without a quote character the parser must not look for one: that is its fast mode.
      ...(quote === "" ? { fastMode: true } : { quoteChar: quote }),
    };
  }

  /** The rows that end within the next piece of the text; blank lines are rows of one blank cell. */
  push(piece: string, isLast: boolean): ParsedRows {
    this.rest += piece;
    // Where a quote never closes, all of the text is one row: to begin it anew with every piece would take for ever.
    if (!isLast && this.rest.length < 2 * this.lookedAt) return { data: [], errors: [] };
    const parser: Parser = new Papa.Parser(this.config);
    const { data, errors, meta } = parser.parse(this.rest, 0, !isLast);
    this.rest = this.rest.slice(meta.cursor);
    this.lookedAt = this.rest.length;
    for (const row of data) {
      const last = row.length - 1;
      const cell = row[last];
      // Lines are cut at "\n" alone, so that files with both kinds of line ends come out right.
      if (cell?.endsWith("\r")) row[last] = cell.slice(0, -1);
    }
    return { data, errors };
  }
}

/** True for a line with nothing on it. */
export function isBlank(row: readonly string[]): boolean {
  return row.length === 1 && row[0]?.trim() === "";
}

function cellsOf(sample: string, layout: Omit<CsvLayout, "header">): string[][] {
  return new RowParser(layout, sample, SAMPLE_ROWS).push(sample, true).data.filter((row) => !isBlank(row));
}

/** Share of the rows that have the commonest number of cells; 0 where that is one cell. */
function consistency(rows: string[][]): number {
  const counts = new Map<number, number>();
  for (const row of rows) counts.set(row.length, (counts.get(row.length) ?? 0) + 1);
  let width = 0;
  let most = 0;
  for (const [cells, count] of counts) if (count > most) [width, most] = [cells, count];
  if (width < 2) return 0;
  // Among layouts that agree as well, a header row of the same width decides.
  return most / rows.length + (rows[0]?.length === width ? 0.05 : 0);
}

function isQuotedBy(quote: string, sample: string, delimiter: CsvFormat["delimiter"]): boolean {
  const cells = cellsOf(sample, { delimiter, quote: "" }).flat();
  const quoted = cells.filter((cell) => cell.length > 1 && cell.startsWith(quote) && cell.endsWith(quote));
  return quoted.length > 0.3 * cells.length;
}

/** A first row of data gives itself away: by a number, by a long text, or by a value that comes again below it. */
function hasHeader(rows: string[][]): boolean {
  const [first, ...rest] = rows;
  if (first === undefined) return true;
  const looksLikeData = first.some((cell, column) => {
    const value = cell.trim();
    if (value === "") return false;
    if (Number.isFinite(Number(value)) || value.length > 60 || value.split(/\s+/).length > 10) return true;
    return rest.some((row) => row[column]?.trim() === value);
  });
  return !looksLikeData;
}
