import type { Int32List } from "../io/int32-list.ts";
import { isObject, type JsonObject } from "../io/json-object.ts";

/** What the cache needs of a tokenizer: its description, and its way from a text to ids. */
interface CachedTokenizer {
  /** tokenizer.json and tokenizer_config.json, parsed. */
  json: JsonObject;
  config: JsonObject;
  /** Ids by token, added tokens included. */
  vocabulary: ReadonlyMap<string, number>;
  normalize: (text: string) => string;
  /** Token ids of a text, without the cache. */
  idsOf: (text: string) => number[];
}

/** Number of cached words; then the cache is cleared, which costs less than tracking which words are still used. */
const MOST_WORDS = 1 << 16;
/** Longer runs, in UTF-16 units, are unlikely to be repeated words. */
const LONGEST_WORD = 64;

const [OTHER, SPACE, WORD, SIGN] = [0, 1, 2, 3];

/**
 * Tokenizes texts word by word, and remembers the ids of each word.
 *
 * The ids are the same as long as no step of the tokenizer looks beyond a word. BERT's normalizer works character by
 * character, except for accents, which follow their letter; its pre-tokenizer cuts at white space and around each ASCII
 * sign; its vocabulary is used word by word. A word is thus a run of ASCII letters and digits, or one ASCII sign. A run
 * followed by anything else (other scripts, control characters, the first character of an added token such as [MASK])
 * is tokenized without the cache, up to the next space.
 */
export class WordCache {
  private readonly known = new Map<string, number | number[]>();

  private constructor(
    private readonly kinds: Uint8Array,
    private readonly idsOfPlain: (word: string) => number[],
    private readonly idsOfAny: (text: string) => number[],
  ) {}

  /** A cache for a tokenizer, or null where it may look beyond a word. */
  static of({ json, config, vocabulary, normalize, idsOf }: CachedTokenizer): WordCache | null {
    const { normalizer, pre_tokenizer: preTokenizer, model } = json;
    const areObjects = isObject(normalizer) && isObject(preTokenizer) && isObject(model);
    if (!areObjects || normalizer.type !== "BertNormalizer" || preTokenizer.type !== "BertPreTokenizer") return null;
    // The first joins unknown words, the second lower-cases letters depending on their neighbors.
    if (model.type !== "WordPiece" || model.fuse_unk === true || config.do_lowercase_and_remove_accent === true)
      return null;
    const { unk_token: unknown, continuing_subword_prefix: prefix, max_input_chars_per_word: most = 100 } = model;
    const unknownId = typeof unknown === "string" ? vocabulary.get(unknown) : undefined;
    if (unknownId === undefined || typeof prefix !== "string" || typeof most !== "number") return null;

    const kinds = kindsOfAscii();
    for (const added of Array.isArray(json.added_tokens) ? json.added_tokens : []) {
      if (!isObject(added) || typeof added.content !== "string") continue;
      for (const content of [added.content, normalize(added.content)]) {
        if (/\s/.test(content)) return null;
        const first = content.charAt(0);
        for (const begin of [first, first.toLowerCase(), first.toUpperCase()]) kinds[begin.charCodeAt(0)] = OTHER;
      }
    }
    const pieces = new WordPieces(vocabulary, unknownId, prefix, most);
    const lowercase = normalizer.lowercase === true;
    return new WordCache(kinds, (word) => pieces.idsOf(lowercase ? word.toLowerCase() : word), idsOf);
  }

  /** Adds the token ids of a text to a list. */
  append(text: string, into: Int32List): void {
    const end = text.length;
    let at = 0;
    while (at < end) {
      const kind = this.kindAt(text, at);
      if (kind === SPACE) {
        at++;
        continue;
      }
      let next = at + 1;
      if (kind === WORD) while (next < end && this.kindAt(text, next) === WORD) next++;
      const isPlain = kind !== OTHER && (next === end || this.kindAt(text, next) !== OTHER);
      if (!isPlain) while (next < end && this.kindAt(text, next) !== SPACE) next++;
      const word = text.slice(at, next);
      const ids = this.known.get(word) ?? this.learn(word, isPlain);
      if (typeof ids === "number") into.push(ids);
      else for (const id of ids) into.push(id);
      at = next;
    }
  }

  private kindAt(text: string, at: number): number {
    return this.kinds[text.charCodeAt(at)] ?? OTHER;
  }

  private learn(word: string, isPlain: boolean): number | number[] {
    const found = isPlain ? this.idsOfPlain(word) : this.idsOfAny(word);
    const [first] = found;
    const ids = found.length === 1 && first !== undefined ? first : found;
    if (word.length <= LONGEST_WORD) {
      if (this.known.size >= MOST_WORDS) this.known.clear();
      // A copy: a slice would keep the whole text it was cut from.
      this.known.set([...word].join(""), ids);
    }
    return ids;
  }
}

/** The kind of each ASCII character: `kinds[128]`. */
function kindsOfAscii(): Uint8Array {
  return Uint8Array.from({ length: 128 }, (_, code) => {
    const character = String.fromCharCode(code);
    if (/[ \t\r\n]/.test(character)) return SPACE;
    if (/[A-Za-z0-9]/.test(character)) return WORD;
    return code > 32 && code < 127 ? SIGN : OTHER;
  });
}

/** A WordPiece vocabulary, for words in the form that the normalizer gives them. */
class WordPieces {
  /** Ids of pieces that can begin a word. */
  private readonly first: ReadonlyMap<string, number>;
  /** Ids of pieces that can follow within a word, without their prefix (##) in the vocabulary. */
  private readonly inner = new Map<string, number>();
  private readonly longestFirst: number;
  private readonly longestInner: number;

  /**
   * @param unknown id for words that no pieces spell
   * @param prefix marks a piece that continues a word
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
   * The ids of one word of ASCII characters: repeatedly the longest piece that the rest begins with, as in BERT's
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
