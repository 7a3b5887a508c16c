import { type SplitPreTokenizer, Tokenizer as Library } from "@huggingface/tokenizers";
import { emptyTokenizer } from "./empty-tokenizer.ts";

/** The pattern of a step of tokenizer.json, `{"String"}` or `{"Regex"}` in Rust's words, as JavaScript has it. Throws for others. */
export function patternOf(pattern: unknown): RegExp {
  const split = { type: "Split", pattern, behavior: "Isolated", invert: false };
  const { pattern: found } = new Library({ ...emptyTokenizer, pre_tokenizer: split }, {})
    .pre_tokenizer as SplitPreTokenizer;
  if (found === null) throw new Error("A step has no pattern.");
  return found;
}
