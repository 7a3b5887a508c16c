import { isObject, type JsonObject } from "../io/json-object.ts";
import { slice, spanOf, tracedText, type Span, type TracedText } from "./spans/traced-text.ts";
import { isSpaceAt } from "./white-space.ts";

interface Added {
  content: string;
  id: number;
  /** Matches only where no word character touches it. */
  isSingleWord: boolean;
  /** Takes the white space before it, or after it. */
  stripsLeft: boolean;
  stripsRight: boolean;
}

/** Takes what a text is cut into: ids of added tokens, and the normalized texts between them. */
interface Pieces {
  token(id: number): void;
  /** `isFirst`: whether the text begins the whole text. */
  text(text: string, isFirst: boolean): void;
}

/** The same, with where each of them stands in the whole text. */
interface TracedPieces {
  token(id: number, span: Span, written: string): void;
  text(text: TracedText, isFirst: boolean): void;
}

/** What Rust's regular expressions call a word character (`\w` with Unicode). */
const WORD = "[\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{Join_Control}]";
const endsWithWord = new RegExp(`${WORD}$`, "u");
const startsWithWord = new RegExp(`^${WORD}`, "u");

/**
 * The added tokens of a tokenizer.json. Texts are cut at them as in the Rust library (`added_vocabulary.rs`): first at
 * tokens that stand in the text as it is, then at tokens that stand in the normalized text. The longest of the tokens
 * that begin at a place is taken.
 */
export class AddedTokens {
  private constructor(
    private readonly raw: Cutter | null,
    private readonly normalized: Cutter | null,
    private readonly normalize: (text: string) => string,
  ) {}

  /**
   * @param json tokenizer.json
   * @param vocabulary ids of the model's tokens, which decide where the file says another
   */
  static of(
    json: JsonObject,
    vocabulary: ReadonlyMap<string, number>,
    normalize: (text: string) => string,
  ): AddedTokens {
    const raw: Added[] = [];
    const normalized: Added[] = [];
    for (const token of Array.isArray(json.added_tokens) ? (json.added_tokens as unknown[]) : []) {
      if (!isObject(token) || typeof token.content !== "string" || typeof token.id !== "number") continue;
      const { content } = token;
      const isNormalized = typeof token.normalized === "boolean" ? token.normalized : token.special !== true;
      const added = {
        content: isNormalized ? normalize(content) : content,
        id: vocabulary.get(content) ?? token.id,
        isSingleWord: token.single_word === true,
        stripsLeft: token.lstrip === true,
        stripsRight: token.rstrip === true,
      };
      if (added.content !== "") (isNormalized ? normalized : raw).push(added);
    }
    return new AddedTokens(cutter(raw), cutter(normalized), normalize);
  }

  /** Cuts a text, and gives the pieces in order. */
  split(text: string, pieces: Pieces): void {
    cut(text, this.raw, {
      token: (id) => pieces.token(id),
      text: (raw, from) => {
        cut(this.normalize(raw), this.normalized, {
          token: (id) => pieces.token(id),
          text: (normalized, inner) => pieces.text(normalized, from === 0 && inner === 0),
        });
      },
    });
  }

  /**
   * The same for a text whose parts keep their places.
   *
   * @param normalize gives the texts of the normalizer that this was made with
   */
  trace(text: string, normalize: (text: TracedText) => TracedText, pieces: TracedPieces): void {
    const whole = tracedText(text);
    cut(text, this.raw, {
      token: (id, from, to) => pieces.token(id, spanOf(whole, from, to), text.slice(from, to)),
      text: (raw, from) => {
        const section = normalize(slice(whole, from, from + raw.length));
        cut(section.text, this.normalized, {
          token: (id, inner, to) => pieces.token(id, spanOf(section, inner, to), section.text.slice(inner, to)),
          text: (normalized, inner) =>
            pieces.text(slice(section, inner, inner + normalized.length), from === 0 && inner === 0),
        });
      },
    });
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

/** Gives the tokens found in a text, and what lies between them with the place where it begins; nothing empty. */
function cut(
  text: string,
  cutter: Cutter | null,
  found: { token(id: number, from: number, to: number): void; text(text: string, from: number): void },
): void {
  let from = 0;
  for (const { 0: content, index } of cutter === null ? [] : text.matchAll(cutter.pattern)) {
    let start = index;
    let end = index + content.length;
    const token = cutter?.byContent.get(content);
    if (token === undefined || (token.isSingleWord && isTouched(text, start, end))) continue;
    if (token.stripsLeft) while (start > from && isSpaceAt(text, start - 1)) start--;
    if (token.stripsRight) while (end < text.length && isSpaceAt(text, end)) end++;
    if (start > from) found.text(text.slice(from, start), from);
    found.token(token.id, start, end);
    from = end;
  }
  if (from < text.length) found.text(from === 0 ? text : text.slice(from), from);
}

/** Whether a word character stands right before or after a part of a text. */
function isTouched(text: string, start: number, end: number): boolean {
  return endsWithWord.test(text.slice(Math.max(0, start - 2), start)) || startsWithWord.test(text.slice(end));
}
