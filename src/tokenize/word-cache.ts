import type { Int32List } from "../io/int32-list.ts";
import { isObject, type JsonObject } from "../io/json-object.ts";
import { RememberedPieces } from "./vocabulary-model.ts";
import { WordPieces } from "./word-pieces.ts";

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
  private readonly plain: RememberedPieces;
  private readonly others: RememberedPieces;

  private constructor(
    private readonly kinds: Uint8Array,
    idsOfPlain: (word: string) => number[],
    idsOfAny: (text: string) => number[],
  ) {
    this.plain = new RememberedPieces(idsOfPlain);
    this.others = new RememberedPieces(idsOfAny);
  }

  /** A cache for a tokenizer, or null where it may look beyond a word. */
  static of({ json, config, vocabulary, normalize, idsOf }: CachedTokenizer): WordCache | null {
    const { normalizer, pre_tokenizer: preTokenizer, model } = json;
    const areObjects = isObject(normalizer) && isObject(preTokenizer) && isObject(model);
    if (!areObjects || normalizer.type !== "BertNormalizer" || preTokenizer.type !== "BertPreTokenizer") return null;
    // The first joins unknown words, the second lower-cases letters depending on their neighbors.
    if (model.type !== "WordPiece" || model.fuse_unk === true || config.do_lowercase_and_remove_accent === true)
      return null;
    const pieces = WordPieces.of(model, vocabulary);
    if (pieces === null) return null;

    const kinds = kindsOfAscii();
    for (const added of Array.isArray(json.added_tokens) ? json.added_tokens : []) {
      if (!isObject(added) || typeof added.content !== "string") continue;
      for (const content of [added.content, normalize(added.content)]) {
        if (/\s/.test(content)) return null;
        const first = content.charAt(0);
        for (const begin of [first, first.toLowerCase(), first.toUpperCase()]) kinds[begin.charCodeAt(0)] = OTHER;
      }
    }
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
      (isPlain ? this.plain : this.others).append(text.slice(at, next), into);
      at = next;
    }
  }

  private kindAt(text: string, at: number): number {
    return this.kinds[text.charCodeAt(at)] ?? OTHER;
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
