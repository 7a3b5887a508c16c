/** What ends a row: "\n" (with or without "\r" before it), "\r\n" alone, "\r" alone, or each of them. */
export type RowEnd = "lf" | "crlf" | "cr" | "any";

/** How characters are cut into rows and cells. */
export interface Dialect {
  /** One character. */
  delimiter: string;
  /** One character, or "" where quotes have no meaning. */
  quote: string;
  /** How a quote within quotes is escaped: doubled, or also by a backslash. */
  escape: "double" | "backslash";
  rowEnd: RowEnd;
  /** Whether spaces are allowed between a delimiter and the quote that opens a cell. */
  spaceBeforeQuote: boolean;
}

export interface ScannedRow {
  cells: string[];
  /** Line of the text (1-based) at which the row begins. */
  line: number;
  /** Whether a quote within a quoted cell is not doubled. */
  stray: boolean;
  /** Whether the last cell's quote is never closed. */
  unclosed: boolean;
}

/** Cuts a text into rows piece by piece; the result does not depend on where the pieces end. */
export class RowScanner {
  /** The text after the last whole row. */
  private text = "";
  private isLast = false;
  /** Number of characters already searched for the end of their row. */
  private lookedAt = 0;
  private line = 1;
  /** Places of the next delimiter, row end and quote from the last search on; -2 where unknown. */
  private readonly next = new Map<string, number>();

  constructor(private readonly dialect: Dialect) {}

  /** The rows that end within the next piece of the text; blank lines are rows of one blank cell. */
  push(piece: string, isLast: boolean): ScannedRow[] {
    this.text += piece;
    this.isLast = isLast;
    // If a quote never closes, the rest of the text is one row; reading it again with every piece would be quadratic.
    if (!isLast && this.text.length < 2 * this.lookedAt) return [];
    this.next.clear();
    const rows: ScannedRow[] = [];
    let at = 0;
    while (at < this.text.length) {
      const row: ScannedRow = { cells: [], line: this.line, stray: false, unclosed: false };
      const end = this.scanRow(this.text.charCodeAt(at) === 0xfeff ? at + 1 : at, row);
      if (end === null) break;
      rows.push(row);
      this.line += this.countLines(at, end);
      at = end;
    }
    this.text = this.text.slice(at);
    this.lookedAt = this.text.length;
    return rows;
  }

  /** Reads the row that begins at `start`; returns the place after it, or null where it does not end within the text. */
  private scanRow(start: number, row: ScannedRow): number | null {
    const { text, isLast } = this;
    const { delimiter, quote, rowEnd } = this.dialect;
    let at = start;
    for (;;) {
      const opened = this.openingQuote(at);
      if (opened >= 0) {
        const end = this.scanQuoted(opened, row);
        if (end === null) return null;
        if (text[end] !== delimiter) return end + Math.max(0, this.rowEndAt(end));
        at = end + 1;
        continue;
      }
      const end = this.findRowEnd(at);
      // The last character may be the first half of a row end.
      if (!isLast && (end === text.length || (end === text.length - 1 && text[end] === "\r"))) return null;
      const stop = rowEnd !== "cr" && end > at && text[end] === "\n" && text[end - 1] === "\r" ? end - 1 : end;
      const isPlain = quote === "" || this.find(quote, at) >= stop;
      const cut = isPlain ? stop : this.find(delimiter, at);
      if (isPlain || cut >= stop) {
        const cells = isPlain ? text.slice(at, stop).split(delimiter) : [text.slice(at, stop)];
        // At the end of the file a lone "\r" ends a row of any kind.
        const last = cells.length - 1;
        if (end === text.length && cells[last]?.endsWith("\r")) cells[last] = cells[last].slice(0, -1);
        for (const cell of cells) row.cells.push(cell);
        return end + Math.max(0, this.rowEndAt(end));
      }
      row.cells.push(text.slice(at, cut));
      at = cut + 1;
    }
  }

  /** The place of the quote that opens a cell beginning at `at`, or -1. */
  private openingQuote(at: number): number {
    const { quote, spaceBeforeQuote } = this.dialect;
    if (quote === "") return -1;
    let place = at;
    if (spaceBeforeQuote) while (this.text[place] === " ") place++;
    return this.text[place] === quote ? place : -1;
  }

  /** Reads a quoted cell; returns the place after it, or null where it does not end within the text. */
  private scanQuoted(opened: number, row: ScannedRow): number | null {
    const { text, isLast } = this;
    const { quote, delimiter, escape } = this.dialect;
    let from = opened + 1;
    for (;;) {
      const place = text.indexOf(quote, from);
      if (place < 0) {
        if (!isLast) return null;
        row.unclosed = true;
        row.cells.push(this.unescaped(text.slice(opened + 1)));
        return text.length;
      }
      if (escape === "backslash" && this.isEscaped(place, opened + 1)) {
        from = place + 1;
        continue;
      }
      if (text[place + 1] === quote) {
        from = place + 2;
        continue;
      }
      let end = place + 1;
      while (text[end] === " " && delimiter !== " ") end++;
      if (end === text.length && !isLast) return null;
      const ending = text[end] === delimiter ? 1 : this.rowEndAt(end);
      if (ending < 0) return null;
      if (ending > 0 || end === text.length) {
        row.cells.push(this.unescaped(text.slice(opened + 1, place)));
        return end;
      }
      row.stray = true;
      from = place + 1;
    }
  }

  private isEscaped(place: number, start: number): boolean {
    let slashes = 0;
    while (place - slashes > start && this.text[place - slashes - 1] === "\\") slashes++;
    return slashes % 2 === 1;
  }

  private unescaped(cell: string): string {
    const { quote, escape } = this.dialect;
    if (escape === "double") return cell.includes(quote) ? cell.replaceAll(quote + quote, quote) : cell;
    return cell.replace(/\\([\\"'])|""|''/g, (pair: string, escaped: string | undefined) =>
      (escaped === undefined ? pair.startsWith(quote) : escaped === quote || escaped === "\\") ? pair.slice(1) : pair,
    );
  }

  /** The place of the next row end at or behind `at`; the end of the text where there is none. */
  private findRowEnd(at: number): number {
    switch (this.dialect.rowEnd) {
      case "lf":
        return this.find("\n", at);
      case "cr":
        return this.find("\r", at);
      case "crlf":
        return this.find("\r\n", at);
      case "any":
        return Math.min(this.find("\n", at), this.find("\r", at));
    }
  }

  /** Length of the row end at `at`: 0 where there is none, -1 where the next piece decides. */
  private rowEndAt(at: number): number {
    const { text, isLast } = this;
    const { rowEnd } = this.dialect;
    if (text[at] === "\n") return rowEnd === "lf" || rowEnd === "any" ? 1 : 0;
    if (text[at] !== "\r") return 0;
    if (at + 1 === text.length) return isLast ? 1 : -1;
    if (text[at + 1] === "\n") return rowEnd === "cr" ? 1 : 2;
    return rowEnd === "cr" || rowEnd === "any" ? 1 : 0;
  }

  /** Like indexOf, but remembers its result; the end of the text where nothing is found. */
  private find(what: string, at: number): number {
    const known = this.next.get(what) ?? -1;
    if (known >= at) return known;
    const place = this.text.indexOf(what, at);
    const found = place < 0 ? this.text.length : place;
    this.next.set(what, found);
    return found;
  }

  /** Line ends in a part of the text: "\n", and "\r" where it ends rows and no "\n" follows. */
  private countLines(start: number, end: number): number {
    let lines = 0;
    for (let at = this.find("\n", start); at < end; at = this.find("\n", at + 1)) lines++;
    if (this.dialect.rowEnd === "lf" || this.dialect.rowEnd === "crlf") return lines;
    for (let at = this.find("\r", start); at < end; at = this.find("\r", at + 1)) {
      if (this.text[at + 1] !== "\n" || this.dialect.rowEnd === "cr") lines++;
    }
    return lines;
  }
}

/** Whether a line is blank or a rule, as under the header of tables drawn in text. */
export function isBlank(row: readonly string[]): boolean {
  if (row.length === 1 && row[0]?.trim() === "") return true;
  const mark = row[0]?.trim() === "" ? row[1] : row[0];
  return mark !== undefined && /^\s*:?[-+=]{3}/.test(mark) && row.every((cell) => rule.test(cell));
}

const rule = /^\s*(:?[-+=]{3,}:?)?\s*$/;

/** All rows of a text; the last is left out where the text is `cut` off within it. */
export function scanRows(text: string, dialect: Dialect, isCut = false): ScannedRow[] {
  return new RowScanner(dialect).push(text, !isCut);
}
