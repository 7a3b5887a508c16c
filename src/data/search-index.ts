import type { Texts } from "../io/text-column.ts";

/** Cells in lower case, one after another, each with a character before it that no search has. */
interface Block {
  text: string;
  /** Where each cell begins in the text [cells]. */
  starts: Uint32Array;
}

const ROWS_PER_BLOCK = 2048;
const BORDER = "\u0000";

/**
 * The cells of a column in lower case in a few long strings, in which the engine searches many times faster than in one
 * string for each row. It takes a byte or two per character, and is made a block at a time.
 */
export class SearchIndex {
  private readonly blocks: Block[] = [];

  constructor(private readonly cells: Texts) {}

  /** Makes the next block; returns whether there are more to make. */
  extend(): boolean {
    const from = this.blocks.length * ROWS_PER_BLOCK;
    const count = Math.min(ROWS_PER_BLOCK, this.cells.length - from);
    if (count <= 0) return false;
    const starts = new Uint32Array(count);
    const parts: string[] = [];
    let at = 0;
    for (let i = 0; i < count; i++) {
      const cell = (this.cells.at(from + i) ?? "").toLowerCase();
      starts[i] = at;
      parts.push(BORDER, cell);
      at += 1 + cell.length;
    }
    this.blocks.push({ text: parts.join(""), starts });
    return from + count < this.cells.length;
  }

  /** Marks the rows whose cell has the text, which is in lower case: 1 in `found` [rows]. */
  mark(wanted: string, found: Uint8Array): void {
    while (this.blocks.length * ROWS_PER_BLOCK < this.cells.length) this.extend();
    this.blocks.forEach(({ text, starts }, block) => {
      let row = 0;
      for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, starts[row] ?? text.length)) {
        while (row < starts.length && (starts[row] ?? 0) <= at) row++;
        // `row` is now the one after the hit, where the search goes on.
        found[block * ROWS_PER_BLOCK + row - 1] = 1;
        if (row >= starts.length) break;
      }
    });
  }
}
