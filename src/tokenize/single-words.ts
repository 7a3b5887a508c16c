import { isObject, type JsonObject } from "../io/json-object.ts";

interface Added {
  content: string;
  id: number;
  isSingleWord: boolean;
}

/** What Rust's regular expressions call a word character (`\w` with Unicode). */
const WORD = "[\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{Join_Control}]";
const endsWithWord = new RegExp(`${WORD}$`, "u");
const startsWithWord = new RegExp(`^${WORD}`, "u");

/**
 * Added tokens with `single_word`, which match a text only where no word character touches it. The JavaScript library
 * matches them everywhere, so it does not get them. Texts are cut at them here, as in the Rust library: first at tokens
 * of the original text, then at tokens of the normalized text.
 */
export class SingleWords {
  private constructor(
    private readonly raw: Cutter | null,
    private readonly normalized: Cutter | null,
    private readonly normalize: (text: string) => string,
    private readonly idsOf: (text: string) => number[],
  ) {}

  /** tokenizer.json without its added tokens of single words, and whether it had any. */
  static withoutThem(json: JsonObject): { json: JsonObject; found: boolean } {
    const added = Array.isArray(json.added_tokens) ? (json.added_tokens as unknown[]) : [];
    const rest = added.filter((token) => !isObject(token) || token.single_word !== true);
    return rest.length === added.length
      ? { json, found: false }
      : { json: { ...json, added_tokens: rest }, found: true };
  }

  /**
   * @param json tokenizer.json with all its added tokens
   * @param idsOf ids of a text by the library that was made without the tokens of single words
   */
  static of(json: JsonObject, normalize: (text: string) => string, idsOf: (text: string) => number[]): SingleWords {
    const raw: Added[] = [];
    const normalized: Added[] = [];
    for (const token of Array.isArray(json.added_tokens) ? (json.added_tokens as unknown[]) : []) {
      if (!isObject(token) || typeof token.content !== "string" || typeof token.id !== "number") continue;
      const { content, id } = token;
      const isNormalized = typeof token.normalized === "boolean" ? token.normalized : token.special !== true;
      const added = {
        content: isNormalized ? normalize(content) : content,
        id,
        isSingleWord: token.single_word === true,
      };
      if (added.content !== "") (isNormalized ? normalized : raw).push(added);
    }
    return new SingleWords(
      cutter(raw),
      normalized.some((one) => one.isSingleWord) ? cutter(normalized) : null,
      normalize,
      idsOf,
    );
  }

  /** The ids of a text without special tokens around it. */
  ids(text: string): number[] {
    return cut(text, this.raw, (rest) =>
      this.normalized === null ? this.idsOf(rest) : cut(this.normalize(rest), this.normalized, this.idsOf),
    );
  }
}

interface Cutter {
  pattern: RegExp;
  byContent: Map<string, Added>;
}

function cutter(tokens: readonly Added[]): Cutter | null {
  if (tokens.length === 0) return null;
  // Alternatives are tried in order: the longest first.
  const contents = tokens.map(({ content }) => content).sort((a, b) => b.length - a.length);
  const escaped = contents.map((content) => content.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&"));
  return {
    pattern: new RegExp(escaped.join("|"), "gu"),
    byContent: new Map(tokens.map((token) => [token.content, token])),
  };
}

/** The ids of the tokens found in a text, and by `idsOf` of what lies between them. */
function cut(text: string, cutter: Cutter | null, idsOf: (text: string) => number[]): number[] {
  if (cutter === null) return text === "" ? [] : idsOf(text);
  const ids: number[] = [];
  let from = 0;
  const rest = (to: number) => {
    if (to > from) for (const id of idsOf(text.slice(from, to))) ids.push(id);
  };
  for (const { 0: content, index } of text.matchAll(cutter.pattern)) {
    const end = index + content.length;
    const token = cutter.byContent.get(content);
    if (token === undefined) continue;
    const isTouched =
      endsWithWord.test(text.slice(Math.max(0, index - 2), index)) || startsWithWord.test(text.slice(end));
    if (token.isSingleWord && isTouched) continue;
    rest(index);
    ids.push(token.id);
    from = end;
  }
  rest(text.length);
  return ids;
}
