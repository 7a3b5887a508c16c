import { Tokenizer as Library } from "@huggingface/tokenizers";
import { Problem } from "../problem/problem.ts";
import { isObject, type JsonObject } from "../io/json-object.ts";
import { emptyTokenizer } from "./empty-tokenizer.ts";

/** A slot in an encoded row: a special token, or all tokens of a text. */
type Slot = { special: number; type: number } | { text: 0 | 1; type: number };

/** The slots of a row, in order, e.g. [CLS] first [SEP] second [SEP]. */
export interface Frame {
  slots: Slot[];
  /** Special tokens among the slots. */
  specials: number;
}

// No token of a vocabulary can be these: a BERT normalizer removes control characters.
const markers: readonly string[] = ["\u0000first", "\u0000second"];

/**
 * Finds where special tokens and segment ids go by running the post-processor on texts of one marker each. This works
 * for every kind of post-processor and leaves truncation to `longestFirst`.
 *
 * @param json tokenizer.json
 * @param ids ids by token
 * @throws Problem when a special token has no id
 */
export function learnFrame(json: JsonObject, ids: ReadonlyMap<string, number>, pair: boolean): Frame {
  const [first = "", second = ""] = markers;
  const { post_processor: process } = new Library(
    { ...emptyTokenizer, post_processor: json.post_processor ?? null },
    {},
  );
  const shown = process?.([first], pair ? [second] : null, true);
  const tokens = shown?.tokens ?? [first];
  // The library gives second texts the type 1 here, the Rust one all 0.
  const types = hasOneType(json.post_processor) ? [] : (shown?.token_type_ids ?? []);
  const slots = tokens.map((token, i): Slot => {
    const type = types[i] ?? 0;
    if (token === first) return { text: 0, type };
    if (token === second) return { text: 1, type };
    return { special: idOf(ids, token), type };
  });
  // A post-processor without templates drops the second text; it then follows the first, as a second segment.
  if (pair && !tokens.includes(second)) slots.push({ text: 1, type: 1 });
  return { slots, specials: slots.filter((slot) => "special" in slot).length };
}

function hasOneType(processor: unknown): boolean {
  if (!isObject(processor)) return false;
  const { type, processors } = processor;
  return type === "RobertaProcessing" || (Array.isArray(processors) && processors.some(hasOneType));
}

function idOf(ids: ReadonlyMap<string, number>, token: string): number {
  const id = ids.get(token);
  if (id === undefined) {
    throw new Problem({
      found: `The tokenizer puts the special token ${token} into every row, but its vocabulary does not have it.`,
      expected: "A tokenizer.json whose special tokens are part of its vocabulary is expected.",
      remedy: "Take tokenizer.json from the checkpoint it belongs to, or save the tokenizer anew.",
    });
  }
  return id;
}

/** Which text of a pair is shortened: the longer one, or always the same; named as transformers names them. */
export type Truncation = "longest_first" | "only_first" | "only_second";

/**
 * The number of tokens kept of each text of a pair.
 *
 * @param first tokens of the first text, special tokens not counted
 * @param second tokens of the second text
 * @param room largest number of tokens of both together
 */
export function keptOf(first: number, second: number, room: number, truncation: Truncation): [number, number] {
  const excess = Math.max(0, first + second - room);
  if (truncation === "only_first") return [Math.max(0, first - excess), second];
  if (truncation === "only_second") return [first, Math.max(0, second - excess)];
  return longestFirst(first, second, room);
}

/**
 * The same by "longest first" of the Rust library's `truncate_encodings`,
 * which shortens the longer text down to the shorter one and then both alike.
 */
export function longestFirst(first: number, second: number, room: number): [number, number] {
  if (first + second <= room) return [first, second];
  const shorter = Math.min(first, second);
  const longer = shorter > room ? shorter : Math.max(shorter, room - shorter);
  if (shorter + longer <= room) return first <= second ? [shorter, longer] : [longer, shorter];
  const half = Math.floor(room / 2);
  return first <= second ? [half, room - half] : [room - half, half];
}
