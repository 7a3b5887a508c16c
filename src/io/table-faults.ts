/** Rows that show something odd: how many, and the first of them (1-based, header not counted). */
export interface OddRows {
  count: number;
  rows: number[];
}

/** What was odd about a table, as plain facts. */
export interface TableFaults {
  /** Rows with fewer cells than there are columns. */
  short: OddRows;
  /** Rows with text past the last column that has a name. */
  spilled: OddRows;
  /** Rows with a cell of more than `HUGE_CELL` characters. */
  huge: OddRows;
  /** Rows with U+FFFD, the mark of bytes that made no character. */
  replaced: OddRows;
  /** Rows where a quote within a quoted cell is not doubled. */
  strayQuotes: OddRows;
  /** The row whose quote is never closed, and how many lines of the file it swallowed. */
  unclosed: { row: number; lines: number } | null;
  /** Lines that are not in the encoding of the others and were decoded in theirs; `rows` has lines of the file. */
  mixedEncoding: OddRows;
  /** Rows with UTF-8 that was encoded twice ("cafÃ©"). */
  doubleEncoded: OddRows;
  /** Rows with NUL characters, which are left out. */
  nul: OddRows;
  /** Repetitions of the header below it, which are left out; `rows` has the row that follows each. */
  repeatedHeaders: OddRows;
  /** Lines that could not be read as a row (broken JSON, say) and are left out; `rows` has lines of the file. */
  broken: OddRows;
}

/** Characters of a cell beyond which it is reported. */
export const HUGE_CELL = 100_000;

const SHOWN_ROWS = 20;

export function noFaults(): TableFaults {
  const none = (): OddRows => ({ count: 0, rows: [] });
  return {
    short: none(),
    spilled: none(),
    huge: none(),
    replaced: none(),
    strayQuotes: none(),
    unclosed: null,
    mixedEncoding: none(),
    doubleEncoded: none(),
    nul: none(),
    repeatedHeaders: none(),
    broken: none(),
  };
}

/** Counts a row once more among those that show something odd. */
export function note(odd: OddRows, row: number): void {
  odd.count++;
  if (odd.rows.length < SHOWN_ROWS) odd.rows.push(row);
}
