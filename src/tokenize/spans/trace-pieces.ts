import type { PreTokenizer } from "../pre-tokenizer.ts";
import { mapCharacters, prepended, slice, type TracedText } from "./traced-text.ts";

/**
 * The pieces that a pre-tokenizer cuts a text into, with where they stand. It may put a space before the text and write
 * each character as another one of the same length, or leave parts out; it does nothing else to it.
 *
 * @returns the pieces of `split`, as they are before they are spelled in the characters of the vocabulary
 */
export function tracePieces(preTokenizer: PreTokenizer, text: TracedText, isFirst: boolean): TracedText[] {
  const { parts } = preTokenizer;
  if (parts === undefined) return locate(preTokenizer.split(text.text, isFirst), text);
  let pieces = [text];
  for (const [i, part] of parts.entries()) {
    const cut = pieces.flatMap((piece, at) => tracePieces(part, piece, isFirst && at === 0));
    const { spell } = part;
    const isLast = i === parts.length - 1;
    pieces = spell === undefined || isLast ? cut : cut.map((piece) => mapCharacters(piece, spell));
  }
  return pieces;
}

function locate(pieces: readonly string[], text: TracedText): TracedText[] {
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const added = Math.max(0, length - text.text.length);
  const whole = added === 0 ? text : prepended(" ".repeat(added), text);
  // Where parts are left out, the others are found in their order.
  const isWhole = length === whole.text.length;
  let from = 0;
  return pieces.map((piece) => {
    if (!isWhole) from = whole.text.indexOf(piece, from);
    const located = slice(whole, from, from + piece.length);
    from += piece.length;
    return { ...located, text: piece };
  });
}
