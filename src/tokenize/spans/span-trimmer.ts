import { isObject } from "../../io/json-object.ts";
import { inByteCharacters } from "../byte-alphabet.ts";
import { WHITE_SPACE } from "../white-space.ts";
import type { Span } from "./traced-text.ts";

/** A span without the spaces of its token; `isFirst`: whether the token is the first one of its text. */
type Trim = (token: string | number, span: Span, isFirst: boolean) => Span;

const SPACE = `(?:${WHITE_SPACE}|${inByteCharacters(" ")})*`;
const spacesBefore = new RegExp(`^${SPACE}`, "u");
const spacesAfter = new RegExp(`${SPACE}$`, "u");

/**
 * What a byte-level post-processor does to spans (the Rust library's `process_offsets`): a token's spaces are no part of
 * its span, but for the one that the pre-tokenizer puts before a text.
 *
 * @param processor the field `post_processor` of tokenizer.json
 * @param ids ids by token
 * @returns takes a token by its id, or an added token as it stands in the text
 */
export function spanTrimmer(processor: unknown, ids: ReadonlyMap<string, number>): Trim {
  const steps = trimming(processor);
  if (steps.length === 0) return (_, span) => span;
  const known = new Map<number, ReturnType<typeof spacesOf>>();
  for (const [token, id] of ids) {
    const spaces = spacesOf(token);
    if (spaces.before + spaces.after > 0) known.set(id, spaces);
  }
  return (token, span, isFirst) => {
    const found = typeof token === "string" ? spacesOf(token) : known.get(token);
    if (found === undefined) return span;
    let { start, end } = span;
    for (const { addsSpace } of steps) {
      const isAdded = addsSpace && (isFirst || start === 0);
      if (found.before > 0) start = Math.min(end, start + Math.max(0, found.before - (isAdded ? 1 : 0)));
      if (end >= found.after) end = Math.max(start, end - found.after);
    }
    return { start, end };
  };
}

const spacesOf = (token: string) => ({ before: lengthOf(spacesBefore, token), after: lengthOf(spacesAfter, token) });
const lengthOf = (pattern: RegExp, token: string) => Array.from(pattern.exec(token)?.[0] ?? "").length;

/** The steps that trim; both settings are on where the file does not say. */
function trimming(processor: unknown): { addsSpace: boolean }[] {
  if (!isObject(processor)) return [];
  const { type, processors, trim_offsets: trims, add_prefix_space: adds } = processor;
  if (Array.isArray(processors)) return processors.flatMap(trimming);
  if ((type !== "ByteLevel" && type !== "RobertaProcessing") || trims === false) return [];
  return [{ addsSpace: adds !== false }];
}
