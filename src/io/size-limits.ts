import { Problem } from "../problem/problem.ts";

/** The largest text file in bytes, packed files unpacked. */
export const LARGEST_FILE = 500_000_000;

/** A large file that unpacks to more than this many times its size is a decompression bomb. */
const LARGEST_RATIO = 300;
const RATIO_FROM = 50_000_000;

/** The most bytes that a packed file may unpack to. */
export function largestUnpacked(packedSize: number): number {
  return Math.min(LARGEST_FILE, Math.max(RATIO_FROM, LARGEST_RATIO * packedSize));
}

/** Counts the characters of all cells of a packed file: one stored text can be the cell of a million rows. */
export class CellLimit {
  private characters = 0;
  private readonly largest: number;

  constructor(private readonly file: { name: string; size: number }) {
    this.largest = largestUnpacked(file.size);
  }

  /** @throws Problem when all cells together are too large for a table */
  add(cell: string): void {
    this.characters += cell.length;
    if (this.characters > this.largest) throw unpacksToTooMuch(this.file.name);
  }
}

export function unpacksToTooMuch(name: string): Problem {
  return new Problem({
    found: `${name} unpacks to far more bytes than a table has.`,
    expected: `A table of at most ${LARGEST_FILE / 1e6} MB was expected.`,
    remedy: "Use a part of the rows: fine-tuning seldom gains from more than a few hundred thousand.",
  });
}
