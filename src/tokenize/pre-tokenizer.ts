import { type PreTokenizer as LibraryPreTokenizer, Tokenizer as Library } from "@huggingface/tokenizers";
import { isObject, type JsonObject } from "../io/json-object.ts";
import { inByteCharacters } from "./byte-alphabet.ts";
import { emptyTokenizer } from "./empty-tokenizer.ts";
import { patternOf } from "./pattern.ts";
import { WHITE_SPACE } from "./white-space.ts";

/** Cuts normalized texts into the pieces that the vocabulary's model sees one by one. */
export interface PreTokenizer {
  /** The pieces of a text, none of them empty; `isFirst`: whether the text begins the whole text. */
  split(text: string, isFirst: boolean): string[];
  /** A piece in the characters of the vocabulary. Where not given it is the piece itself. */
  spell?: (piece: string) => string;
  /** The pre-tokenizers that this is a sequence of. */
  parts?: readonly PreTokenizer[];
}

/** Signs as the Rust library's `is_bert_punc` has them: Unicode's punctuation, and all ASCII signs. */
const PUNCTUATION = "\\p{P}\\u0021-\\u002F\\u003A-\\u0040\\u005B-\\u0060\\u007B-\\u007E";
const WORD = "\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}";
/** The pattern of GPT-2's pre-tokenizer. */
const BYTE_LEVEL = new RegExp(
  `'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^${WHITE_SPACE}\\p{L}\\p{N}]+|${WHITE_SPACE}+(?!\\P{White_Space})|${WHITE_SPACE}+`,
  "gu",
);

const matcher = (pattern: RegExp): PreTokenizer => ({ split: (text) => text.match(pattern) ?? [] });

/** What each kind does; other kinds are left to the library. */
const kinds: Partial<Record<string, (config: JsonObject) => PreTokenizer>> = {
  Sequence: ({ pretokenizers }) =>
    sequence((Array.isArray(pretokenizers) ? pretokenizers : []).map(createPreTokenizer)),
  BertPreTokenizer: () => matcher(new RegExp(`[^${WHITE_SPACE}${PUNCTUATION}]+|[${PUNCTUATION}]`, "gu")),
  WhitespaceSplit: () => matcher(new RegExp(`[^${WHITE_SPACE}]+`, "gu")),
  Whitespace: () => matcher(new RegExp(`[${WORD}]+|[^${WORD}${WHITE_SPACE}]+`, "gu")),
  ByteLevel: (config) => {
    const addsSpace = config.add_prefix_space === true;
    const isCut = config.use_regex !== false;
    return {
      split(text) {
        const spaced = addsSpace && !text.startsWith(" ") ? ` ${text}` : text;
        return isCut ? (spaced.match(BYTE_LEVEL) ?? []) : [spaced];
      },
      spell: inByteCharacters,
    };
  },
  Metaspace: metaspace,
  Digits: ({ individual_digits: individual }) =>
    splitter(individual === true ? /\p{N}/gu : /\p{N}+/gu, "Isolated", false),
  Punctuation: ({ behavior }) => splitter(new RegExp(`[${PUNCTUATION}]`, "gu"), behavior ?? "Isolated", false),
  Split: (config) => splitter(patternOf(config.pattern), config.behavior, config.invert === true),
};

/** The pre-tokenizer of a tokenizer.json; null in the file stands for none. Throws for unknown kinds. */
export function createPreTokenizer(config: unknown): PreTokenizer {
  if (!isObject(config)) return { split: (text) => [text] };
  const known = typeof config.type === "string" ? kinds[config.type] : undefined;
  if (known !== undefined) return known(config);
  const library: LibraryPreTokenizer | null = new Library({ ...emptyTokenizer, pre_tokenizer: config }, {})
    .pre_tokenizer;
  if (library === null) throw new Error("The pre-tokenizer is of no known kind.");
  return { split: (text) => library.pre_tokenize(text).filter((piece) => piece !== "") };
}

function sequence(parts: readonly PreTokenizer[]): PreTokenizer {
  const last = parts.at(-1);
  const earlier = parts.slice(0, -1);
  if (last === undefined) return { split: (text) => [text] };
  return {
    ...last,
    parts,
    split(text, isFirst) {
      let pieces = [text];
      for (const part of earlier) {
        const { spell = (piece: string) => piece } = part;
        pieces = pieces.flatMap((piece, i) => part.split(piece, isFirst && i === 0).map(spell));
      }
      return pieces.flatMap((piece, i) => last.split(piece, isFirst && i === 0));
    },
  };
}

/** SentencePiece's spaces: each becomes a visible sign, which begins a piece. */
function metaspace(config: JsonObject): PreTokenizer {
  const sign = typeof config.replacement === "string" ? config.replacement : "\u2581";
  // Files of older versions say `add_prefix_space`.
  const scheme = config.prepend_scheme ?? (config.add_prefix_space === false ? "never" : "always");
  const isCut = config.split !== false;
  return {
    split(text, isFirst) {
      let signed = text.replaceAll(" ", sign);
      const prepends = scheme === "always" || (scheme === "first" && isFirst);
      if (prepends && !signed.startsWith(sign)) signed = sign + signed;
      if (!isCut) return [signed];
      const pieces: string[] = [];
      for (let from = 0; from < signed.length;) {
        const next = signed.indexOf(sign, from + 1);
        const to = next < 0 ? signed.length : next;
        pieces.push(signed.slice(from, to));
        from = to;
      }
      return pieces;
    },
  };
}

/**
 * Cuts at the matches of a pattern, as the Rust library's `split` does.
 *
 * @param behavior what becomes of a match
 * @param inverts whether what does not match is taken for a match, and the reverse
 */
function splitter(pattern: RegExp, behavior: unknown, inverts: boolean): PreTokenizer {
  const join = joins[String(behavior).toLowerCase().replaceAll("_", "")];
  if (join === undefined) throw new Error(`A pre-tokenizer has the unknown behavior ${String(behavior)}.`);
  return {
    split(text) {
      const parts: Part[] = [];
      const push = (from: number, to: number, isMatch: boolean) => {
        if (to > from) parts.push({ text: text.slice(from, to), isMatch: isMatch !== inverts });
      };
      let from = 0;
      for (const { 0: match, index } of text.matchAll(pattern)) {
        push(from, index, false);
        push(index, index + match.length, true);
        from = index + match.length;
      }
      push(from, text.length, false);
      return join(parts);
    },
  };
}

interface Part {
  text: string;
  isMatch: boolean;
}

/** Appends each part to the piece before it where `belongs` says so. */
function joined(parts: readonly Part[], belongs: (part: Part, previous: Part) => boolean): string[] {
  const pieces: string[] = [];
  for (const [i, part] of parts.entries()) {
    const previous = parts[i - 1];
    if (previous !== undefined && belongs(part, previous)) pieces.push((pieces.pop() ?? "") + part.text);
    else pieces.push(part.text);
  }
  return pieces;
}

const joins: Partial<Record<string, (parts: readonly Part[]) => string[]>> = {
  isolated: (parts) => parts.map(({ text }) => text),
  removed: (parts) => parts.filter(({ isMatch }) => !isMatch).map(({ text }) => text),
  contiguous: (parts) => joined(parts, (part, previous) => part.isMatch === previous.isMatch),
  mergedwithprevious: (parts) => joined(parts, (part, previous) => part.isMatch && !previous.isMatch),
  mergedwithnext: (parts) => joined(parts, (part, previous) => !part.isMatch && previous.isMatch),
};
