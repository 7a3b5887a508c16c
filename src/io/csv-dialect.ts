import { type Dialect, isBlank, type RowEnd, type ScannedRow, scanRows } from "./row-scanner.ts";
import type { FormatOverrides } from "./parsed-table.ts";

const delimiters = [",", "\t", ";", "|", "^", "~", "\u0001", "\u001f"] as const;
/** Delimiters that occur in ordinary text too: they count only where each row has the same number, and labels beside them. */
const rareDelimiters = ["@", "#", ":", "=", " "] as const;
const SAMPLE_ROWS = 400;
/** Scores that differ by less count as equal. */
const EQUAL = 0.01;

interface Reading {
  dialect: Dialect;
  rows: number;
  score: number;
  /** Number of correctly quoted cells. */
  quoted: number;
}

/**
 * Detects how a text is cut into rows and cells, from its beginning. The best reading gives most rows the same number
 * of cells (more than one) with the fewest faults of quotes. Overrides are taken as they are.
 *
 * @param isCut the sample ends within a row
 */
export function detectDialect(sample: string, overrides: FormatOverrides = {}, isCut = false): Dialect {
  const stated = separatorLine(sample);
  const given = overrides.delimiter ?? stated;
  const choices = typeof given !== "string" ? delimiters.filter((one) => sample.includes(one)) : [given];
  let best: Reading | null = null;
  for (const delimiter of choices) {
    let bestHere: Reading | null = null;
    for (const dialect of readingsOf(sample, delimiter, overrides.quote ?? null)) {
      const reading = judge(sample, dialect, isCut);
      if (reading !== null && (bestHere === null || isBetter(reading, bestHere))) bestHere = reading;
    }
    if (bestHere !== null && (best === null || bestHere.score > best.score + EQUAL)) best = bestHere;
  }
  if (typeof given !== "string" && (best === null || best.score < 0.9 || best.rows < 2)) {
    const rare = rareDialect(sample, overrides.quote ?? null, isCut);
    if (rare !== null) return rare;
  }
  if (best !== null && best.score > 0) return best.dialect;
  const [fallback] = readingsOf(sample, given ?? ",", overrides.quote ?? null);
  return fallback ?? plainDialect(given ?? ",", overrides.quote ?? '"');
}

/** A reading by a rare delimiter that gives each row the same number of cells, with labels at an end; else null. */
function rareDialect(sample: string, quote: string | null, isCut: boolean): Dialect | null {
  for (const delimiter of rareDelimiters) {
    if (!sample.includes(delimiter)) continue;
    for (const dialect of readingsOf(sample, delimiter, quote)) {
      // The first row may be a header, which may lack a cell for the rows' names.
      const [first, ...rows] = scanRows(sample, dialect, isCut).filter(({ cells }) => !isBlank(cells));
      const width = commonWidth(rows);
      const isEven = rows.filter(({ cells }) => cells.length === width).length >= 0.95 * rows.length;
      if (
        width < 2 ||
        rows.length < 4 ||
        (first?.cells.length ?? 0) < 2 ||
        !isEven ||
        rows.some(({ stray, unclosed }) => stray || unclosed)
      )
        continue;
      // Spaces separate words too, so the texts have to be quoted.
      if (delimiter === " " && (judge(sample, dialect, isCut)?.quoted ?? 0) < rows.length) continue;
      const ends = [0, -1].map((place) => rows.map(({ cells }) => cells.at(place)?.trim() ?? ""));
      if (ends.some(holdLabels)) return dialect;
    }
  }
  return null;
}

function holdLabels(cells: readonly string[]): boolean {
  const different = new Set(cells);
  return different.size >= 2 && different.size <= 0.4 * cells.length && cells.every((cell) => /^\S{1,40}$/.test(cell));
}

/** The delimiter that a first line such as `sep=;` names, as spreadsheet programs write it; else null. */
function separatorLine(text: string): string | null {
  return /^\ufeff*"?sep=([^"\r\n])"?[,;\t]*(?=\r|\n|$)/i.exec(text)?.[1] ?? null;
}

/** The dialect without quotes. */
export function unquoted(dialect: Dialect): Dialect {
  return { ...dialect, quote: "", escape: "double", spaceBeforeQuote: false };
}

function plainDialect(delimiter: string, quote: string): Dialect {
  return { delimiter, quote, escape: "double", rowEnd: "lf", spaceBeforeQuote: false };
}

/** All dialects to try, the plainest first. */
function readingsOf(sample: string, delimiter: string, quote: string | null): Dialect[] {
  const quotes = quote === null ? quotesWorthATry(sample, delimiter) : [quote];
  const readings: Dialect[] = [];
  for (const rowEnd of rowEnds(sample)) {
    for (const one of quotes) {
      const plain = { ...plainDialect(delimiter, one), rowEnd };
      readings.push(plain);
      if (one === "") continue;
      const hasEscapes = sample.includes(`\\${one}`);
      const hasSpaces = delimiter !== " " && sample.includes(`${delimiter} ${one}`);
      if (hasEscapes) readings.push({ ...plain, escape: "backslash" });
      if (hasSpaces) readings.push({ ...plain, spaceBeforeQuote: true });
      if (hasEscapes && hasSpaces) readings.push({ ...plain, escape: "backslash", spaceBeforeQuote: true });
    }
  }
  return readings;
}

function rowEnds(sample: string): RowEnd[] {
  const crlf = sample.includes("\r\n");
  const lf = /(^|[^\r])\n/.test(sample);
  const cr = /\r(?!\n)./s.test(sample);
  if (!cr) return crlf && lf ? ["lf", "crlf"] : ["lf"];
  if (!lf && !crlf) return ["cr"];
  return crlf ? ["lf", "crlf", "any"] : ["lf", "cr", "any"];
}

function quotesWorthATry(sample: string, delimiter: string): string[] {
  const parts = sample.split(/\r\n|\r|\n/).flatMap((line) => line.split(delimiter));
  const opening = (quote: string) => parts.filter((part) => part.trimStart().startsWith(quote));
  const wrapped = (quote: string) => parts.filter((part) => part.length > 1 && part.trimEnd().endsWith(quote));
  const double = opening('"').length;
  const single = opening("'").length;
  const quotes = ['"'];
  // Apostrophes are common in text: they are quotes only where some cells are enclosed by them.
  if (single >= 2 && wrapped("'").length >= 0.8 * single) quotes.push("'");
  // With commas, quotes have no meaning only where most cells that begin with one do not end with one.
  if (delimiter !== "," || (double >= 3 && wrapped('"').length < 0.5 * double)) quotes.push("");
  return quotes;
}

function judge(sample: string, dialect: Dialect, isCut: boolean): Reading | null {
  const rows = scanRows(sample, dialect, isCut)
    .filter(({ cells }) => !isBlank(cells))
    .slice(0, SAMPLE_ROWS);
  const width = commonWidth(rows);
  if (width < 2) return null;
  const { quote, delimiter, rowEnd } = dialect;
  const share = (test: (row: ScannedRow) => boolean) => rows.filter(test).length / rows.length;
  let score = share(({ cells }) => cells.length === width);
  // Between equal layouts, the width of the first row decides.
  if (rows[0]?.cells.length === width) score += 0.05;
  score -= Math.min(0.5, 2 * share(({ stray }) => stray));
  if (rows.some(({ unclosed }) => unclosed)) score -= 0.3;
  if (quote === "") {
    score -= 0.6 * share(({ cells }) => cells.some(isWrapped));
  }
  const quoted =
    quote === ""
      ? 0
      : (
          sample.match(
            new RegExp(
              `(^|${rowStarts[rowEnd]}|${escaped(delimiter)})${dialect.spaceBeforeQuote ? " *" : ""}${quote}`,
              "g",
            ),
          ) ?? []
        ).length;
  if (quote === "'" && quoted === 0) return null;
  return { dialect, rows: rows.length, score, quoted };
}

/** The pattern of what comes before the first cell of a row. */
const rowStarts: Record<RowEnd, string> = { lf: "\\n", crlf: "\\r\\n", cr: "\\r", any: "[\\n\\r]" };

function isWrapped(cell: string): boolean {
  return cell.length > 1 && /^\s*(".*"|'.*')\s*$/s.test(cell) && !/^\s*'.*'.*'\s*$/s.test(cell);
}

/** Whether a reading is better: it gives more rows as evenly, since a wrong one swallows rows, or it uses its quotes. */
function isBetter(one: Reading, other: Reading): boolean {
  if (Math.abs(one.score - other.score) > EQUAL) return one.score > other.score;
  if (Math.abs(one.rows - other.rows) > 0.05 * Math.max(one.rows, other.rows)) return one.rows > other.rows;
  return one.dialect.quote !== "" && one.quoted > other.quoted;
}

/** The most common number of cells among rows; 0 where there are none. */
export function commonWidth(rows: readonly Pick<ScannedRow, "cells">[]): number {
  const counts = new Map<number, number>();
  for (const { cells } of rows) counts.set(cells.length, (counts.get(cells.length) ?? 0) + 1);
  return [...counts].reduce((best, next) => (next[1] > best[1] ? next : best), [0, 0])[0];
}

function escaped(character: string): string {
  return character.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
