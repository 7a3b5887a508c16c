import type { Int32List } from "../io/int32-list.ts";

/** What makes tokens of one piece of text, such as a word. */
export interface VocabularyModel {
  /** Ids by token, without added tokens. */
  readonly ids: ReadonlyMap<string, number>;
  /** Id for what the vocabulary cannot spell; null where there is none, and such parts then have no token. */
  readonly unknownId: number | null;
  /** Adds the ids of a piece to a list. */
  append(piece: string, into: Int32List): void;
}

/** Number of remembered pieces; then all are forgotten, which costs less than tracking which are still used. */
const MOST_PIECES = 1 << 16;
/** Longer pieces, in UTF-16 units, are unlikely to come again. */
const LONGEST_PIECE = 64;

/** Remembers the ids of each piece, since texts repeat their words. */
export class RememberedPieces {
  private readonly known = new Map<string, number | number[]>();

  constructor(private readonly idsOf: (piece: string) => number[]) {}

  append(piece: string, into: Int32List): void {
    const ids = this.known.get(piece) ?? this.learn(piece);
    if (typeof ids === "number") into.push(ids);
    else for (const id of ids) into.push(id);
  }

  private learn(piece: string): number | number[] {
    const found = this.idsOf(piece);
    const [first] = found;
    const ids = found.length === 1 && first !== undefined ? first : found;
    if (piece.length <= LONGEST_PIECE) {
      if (this.known.size >= MOST_PIECES) this.known.clear();
      // A copy: a slice would keep the whole text it was cut from.
      this.known.set([...piece].join(""), ids);
    }
    return ids;
  }
}
