import type { Int32List } from "../io/int32-list.ts";
import type { JsonObject } from "../io/json-object.ts";
import type { VocabularyModel } from "./vocabulary-model.ts";

/** A WordPiece vocabulary, for words in the form that the normalizer gives them. */
export class WordPieces implements VocabularyModel {
  /** Ids of pieces that can begin a word. */
  readonly ids: ReadonlyMap<string, number>;
  /** Ids of pieces that can follow within a word, without their prefix (##) in the vocabulary. */
  private readonly inner = new Map<string, number>();
  private readonly longestFirst: number;
  private readonly longestInner: number;

  /**
   * @param unknownId id for words that no pieces spell
   * @param prefix marks a piece that continues a word
   * @param mostCharacters longer words are unknown
   */
  private constructor(
    ids: ReadonlyMap<string, number>,
    readonly unknownId: number,
    prefix: string,
    private readonly mostCharacters: number,
  ) {
    this.ids = ids;
    for (const [piece, id] of ids) {
      if (piece.startsWith(prefix)) this.inner.set(piece.slice(prefix.length), id);
    }
    this.longestFirst = longestKey(this.ids);
    this.longestInner = longestKey(this.inner);
  }

  /** The model of a tokenizer.json's field `model`, or null where a setting is missing. */
  static of(model: JsonObject, ids: ReadonlyMap<string, number>): WordPieces | null {
    const { unk_token: unknown, continuing_subword_prefix: prefix, max_input_chars_per_word: most = 100 } = model;
    const unknownId = typeof unknown === "string" ? ids.get(unknown) : undefined;
    if (unknownId === undefined || typeof prefix !== "string" || typeof most !== "number") return null;
    return new WordPieces(ids, unknownId, prefix, most);
  }

  append(word: string, into: Int32List, spans?: Int32List): void {
    const ends: number[] = [];
    const ids = this.idsOf(word, ends);
    for (const [i, id] of ids.entries()) {
      into.push(id);
      spans?.push(ends[i - 1] ?? 0);
      spans?.push(ends[i] ?? word.length);
    }
  }

  /**
   * The ids of one word: repeatedly the longest piece that the rest begins with, as in BERT's `WordpieceTokenizer`
   * (Devlin and others, 2018).
   *
   * @param ends where given, gets the UTF-16 unit of the word at which each piece ends; nothing for an unknown word
   */
  idsOf(word: string, ends?: number[]): number[] {
    if (word.length > this.mostCharacters && [...word].length > this.mostCharacters) return [this.unknownId];
    const ids: number[] = [];
    let start = 0;
    while (start < word.length) {
      const [pieces, longest] = start === 0 ? [this.ids, this.longestFirst] : [this.inner, this.longestInner];
      let end = Math.min(word.length, start + longest);
      let id: number | undefined;
      while (end > start && (id = pieces.get(word.slice(start, end))) === undefined) end--;
      if (id === undefined) {
        if (ends !== undefined) ends.length = 0;
        return [this.unknownId];
      }
      ids.push(id);
      ends?.push(end);
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
