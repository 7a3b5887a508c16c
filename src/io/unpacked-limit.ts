import { Problem } from "../problem/problem.ts";
import { LARGEST_FILE } from "./text-check.ts";

/** A large file that unpacks to more than this many times its size is a decompression bomb, not a table. */
const LARGEST_RATIO = 300;
const RATIO_FROM = 50_000_000;

/** The bytes that a packed file may unpack to. */
export function largestUnpacked(packedSize: number): number {
  return Math.min(LARGEST_FILE, Math.max(RATIO_FROM, LARGEST_RATIO * packedSize));
}

/** Counts the size of all cells of a packed file, in which one stored text can be the cell of a million rows. */
export class CellLimit {
  private characters = 0;
  private readonly largest: number;

  constructor(private readonly file: { name: string; size: number }) {
    this.largest = largestUnpacked(file.size);
  }

  /** Throws a `Problem` when the cells are too large for a table. */
  add(cell: string): void {
    this.characters += cell.length;
    if (this.characters > this.largest) throw unpacksToTooMuch(this.file.name);
  }
}

export function unpacksToTooMuch(name: string): Problem {
  return new Problem({
    found: `${name} unpacks to far more bytes than a table has.`,
    expected: `A table of at most ${LARGEST_FILE / 1e6} MB was expected.`,
    remedy: "Take a part of the rows: fine-tuning seldom gains from more than a few hundred thousand.",
  });
}
