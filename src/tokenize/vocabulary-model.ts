import type { Int32List } from "../io/int32-list.ts";

/** What makes tokens of one piece of text, such as a word. */
export interface VocabularyModel {
  /** Ids by token, without added tokens. */
  readonly ids: ReadonlyMap<string, number>;
  /** Id for what the vocabulary cannot spell; null where there is none, and such parts then have no token. */
  readonly unknownId: number | null;
  /**
   * Adds the ids of a piece to a list.
   *
   * @param spans where given, gets for each token the UTF-16 units of the piece at which it begins and ends
   */
  append(piece: string, into: Int32List, spans?: Int32List): void;
}

/** Number of remembered pieces; then all are forgotten, which costs less than tracking which are still used. */
const MOST_PIECES = 1 << 16;
/** Longer pieces, in UTF-16 units, are unlikely to come again. */
const LONGEST_PIECE = 64;

/** Remembers what was made of each piece, since texts repeat their words. */
export class Remembered<Value> {
  private readonly known = new Map<string, Value>();

  constructor(private readonly make: (piece: string) => Value) {}

  of(piece: string): Value {
    return this.known.get(piece) ?? this.learn(piece);
  }

  private learn(piece: string): Value {
    const made = this.make(piece);
    if (piece.length <= LONGEST_PIECE) {
      if (this.known.size >= MOST_PIECES) this.known.clear();
      // A copy: a slice would keep the whole text it was cut from.
      this.known.set([...piece].join(""), made);
    }
    return made;
  }
}

/** Remembers the ids of each piece. */
export class RememberedPieces {
  private readonly known: Remembered<number | number[]>;

  constructor(idsOf: (piece: string) => number[]) {
    this.known = new Remembered((piece) => {
      const ids = idsOf(piece);
      const [first] = ids;
      return ids.length === 1 && first !== undefined ? first : ids;
    });
  }

  append(piece: string, into: Int32List): void {
    const ids = this.known.of(piece);
    if (typeof ids === "number") into.push(ids);
    else for (const id of ids) into.push(id);
  }
}
