import type { Int32List } from "../data/int32-list.ts";
import { isObject, type JsonObject } from "./json-object.ts";
import { WordPieces } from "./word-pieces.ts";

/** What the cache needs to know of a tokenizer: how it is described, and what it does to a text. */
interface CachedTokenizer {
  /** tokenizer.json and tokenizer_config.json, parsed. */
  json: JsonObject;
  config: JsonObject;
  /** Ids by token, added tokens included. */
  vocabulary: ReadonlyMap<string, number>;
  normalize: (text: string) => string;
  /** Token ids of a text, by the long way. */
  idsOf: (text: string) => number[];
}

/** Words that are kept; beyond it the cache begins anew, which costs less than to find out which ones are still used. */
const MOST_WORDS = 1 << 16;
/** Longer runs, in UTF-16 units, are hardly words that come again. */
const LONGEST_WORD = 64;

const [OTHER, SPACE, WORD, SIGN] = [0, 1, 2, 3];

/**
 * Tokenizes texts word by word, and remembers the ids of each word.
 *
 * That gives the same ids wherever no step of the tokenizer looks beyond a word. BERT's normalizer works character by
 * character, but for accents, which follow their letter; its pre-tokenizer cuts at white space and around each ASCII
 * sign; its vocabulary is asked word by word. A word is thus a run of ASCII letters and digits, or one ASCII sign. What
 * is followed by anything else (other scripts, control characters, what an added token such as [MASK] can begin with)
 * goes the long way, with all that comes before the next space.
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
    // The one joins unknown words, the other lower-cases letters by those around them.
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

/** The kind of each ASCII character [128]. */
function kindsOfAscii(): Uint8Array {
  return Uint8Array.from({ length: 128 }, (_, code) => {
    const character = String.fromCharCode(code);
    if (/[ \t\r\n]/.test(character)) return SPACE;
    if (/[A-Za-z0-9]/.test(character)) return WORD;
    return code > 32 && code < 127 ? SIGN : OTHER;
  });
}
