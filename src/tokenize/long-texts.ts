import type { TextLimit } from "../data/text-limit.ts";
import { Problem } from "../problem/problem.ts";
import { longestFirst } from "./frame.ts";

/** Tokens `from` to `to` of a text, without the end. */
interface Span {
  from: number;
  to: number;
}

/** What an encoded row has of the first and of the second text: one stretch, or its beginning and its end. */
type RowSpans = readonly [first: readonly Span[], second: readonly Span[]];

/** Number of tokens of the two texts of a row, special tokens not counted; null where there is no second text. */
interface TextLengths {
  first: number;
  second: number | null;
}

/**
 * The encoded rows that a text, or a pair of texts, becomes.
 *
 * - "cut": the beginning, of a pair as "longest first" cuts it.
 * - "head-and-tail" (Sun et al. 2019, section 5.3.1: the first 128 of 510 tokens and the last 382): as many tokens as are
 *   left by cutting, of each text a quarter from its beginning and the others from its end.
 * - "windows": those of the Rust library's truncation with a stride, which is the overlap here. Of a pair the second text
 *   is cut into windows ("only_second"), each beside the whole first one; where the first text takes more than half of the
 *   room, the pair is cut.
 *
 * @param room most tokens of a row without the special ones
 * @throws Problem where windows overlap by half of the room or more
 */
export function rowsOfText(lengths: TextLengths, room: number, { longTexts, windowOverlap }: TextLimit): RowSpans[] {
  const { first } = lengths;
  const second = lengths.second ?? 0;
  if (first + second <= room) return [[beginning(first), beginning(second)]];
  const isCut = longTexts === "cut" || (longTexts === "windows" && lengths.second !== null && 2 * first > room);
  if (isCut || longTexts === "head-and-tail") {
    const [keptFirst, keptSecond] = longestFirst(first, second, room);
    if (isCut) return [[beginning(keptFirst), beginning(keptSecond)]];
    return [[headAndTail(first, keptFirst), headAndTail(second, keptSecond)]];
  }
  if (2 * windowOverlap >= room) throw tooMuchOverlap(windowOverlap, room);
  if (lengths.second === null) return windows(first, room, windowOverlap).map((span) => [[span], []]);
  const whole = beginning(first);
  return windows(second, room - first, windowOverlap).map((span) => [whole, [span]]);
}

const beginning = (to: number): Span[] => [{ from: 0, to }];

/** A quarter of `kept` tokens from the beginning, rounded, and the others from the end. */
function headAndTail(length: number, kept: number): Span[] {
  if (length <= kept) return beginning(length);
  const head = (kept + 2) >> 2;
  return [
    { from: 0, to: head },
    { from: length - (kept - head), to: length },
  ];
}

/** Stretches of up to `size` tokens, each with `overlap` of the one before; the last one ends where the text does. */
function windows(length: number, size: number, overlap: number): Span[] {
  const spans: Span[] = [];
  for (let from = 0; ; from += size - overlap) {
    const to = Math.min(length, from + size);
    spans.push({ from, to });
    if (to === length) return spans;
  }
}

function tooMuchOverlap(overlap: number, room: number): Problem {
  return new Problem({
    found: `Windows of long texts overlap by ${overlap} tokens, and a window has room for ${room} tokens of a text.`,
    expected: "An overlap of less than half a window was expected.",
    remedy: `Set the window overlap to ${Math.max(0, Math.ceil(room / 2) - 1)} or less, or raise the max length.`,
  });
}
