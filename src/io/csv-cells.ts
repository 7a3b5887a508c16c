/** Options for writing a CSV file. */
export interface CsvStyle {
  /**
   * Puts an apostrophe before text cells that spreadsheet programs would run as a formula (OWASP, "CSV injection"):
   * those that begin with = + - @, a tab or a line break, full-width forms included. The file then no longer holds
   * the exact texts.
   */
  neutralize?: boolean;
}

/** A table as CSV (RFC 4180): comma, CRLF, quotes where they are needed; NaN becomes an empty cell. */
export function csvText(
  header: readonly string[],
  rows: Iterable<readonly (string | number)[]>,
  style: CsvStyle = {},
): string {
  let text = csvLine(header, style);
  for (const row of rows) text += csvLine(row, style);
  return text;
}

/** One line of a CSV file, with its line end. */
export function csvLine(cells: readonly (string | number)[], { neutralize = false }: CsvStyle = {}): string {
  return `${cells.map((cell) => csvCell(cell, neutralize)).join(",")}\r\n`;
}

function csvCell(value: string | number, neutralize: boolean): string {
  if (typeof value === "number") return Number.isNaN(value) ? "" : String(value);
  const text = neutralize && isFormula(value) ? `'${value}` : value;
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Whether spreadsheet programs would run a cell of this text. */
export const isFormula = (text: string): boolean => FORMULA_START.test(text);

const FORMULA_START = /^(?:[\t\r\n]|\s*[=+\-@＝＋－＠])/;
