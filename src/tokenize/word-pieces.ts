/** A WordPiece vocabulary, for words in the form that the normalizer gives them. */
export class WordPieces {
  /** Ids of what a word can begin with. */
  private readonly first: ReadonlyMap<string, number>;
  /** Ids of what can follow within a word, without the mark (##) that the vocabulary puts before it. */
  private readonly inner = new Map<string, number>();
  private readonly longestFirst: number;
  private readonly longestInner: number;

  /**
   * @param unknown id of a word that cannot be made of pieces
   * @param prefix what marks a piece that goes on a word
   * @param mostCharacters longer words are unknown
   */
  constructor(
    vocabulary: ReadonlyMap<string, number>,
    private readonly unknown: number,
    prefix: string,
    private readonly mostCharacters: number,
  ) {
    this.first = vocabulary;
    for (const [piece, id] of vocabulary) {
      if (piece.startsWith(prefix)) this.inner.set(piece.slice(prefix.length), id);
    }
    this.longestFirst = longestKey(this.first);
    this.longestInner = longestKey(this.inner);
  }

  /**
   * The ids of one word of ASCII characters: again and again the longest piece that its rest begins with, as in BERT's
   * `WordpieceTokenizer` (Devlin and others, 2018).
   */
  idsOf(word: string): number[] {
    if (word.length > this.mostCharacters) return [this.unknown];
    const ids: number[] = [];
    let start = 0;
    while (start < word.length) {
      const [pieces, longest] = start === 0 ? [this.first, this.longestFirst] : [this.inner, this.longestInner];
      let end = Math.min(word.length, start + longest);
      let id: number | undefined;
      while (end > start && (id = pieces.get(word.slice(start, end))) === undefined) end--;
      if (id === undefined) return [this.unknown];
      ids.push(id);
      start = end;
    }
    return ids;
  }
}

function longestKey(map: ReadonlyMap<string, number>): number {
  let longest = 0;
  for (const key of map.keys()) longest = Math.max(longest, key.length);
  return longest;
}
