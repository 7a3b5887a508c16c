import { Problem } from "../problem/problem.ts";

/** The Problem of a tokenizer.json that cannot be used; `reason` is a sentence without its full stop. */
export function unusable(reason: string, details = ""): Problem {
  return new Problem({
    found: `tokenizer.json cannot be used. ${reason}.`,
    expected: "A tokenizer.json as transformers' save_pretrained writes it is expected.",
    remedy: "Save the tokenizer with a recent version of transformers, and open the checkpoint once more.",
    details,
  });
}
