import { Problem } from "../problem/problem.ts";

/** From here on float16 rounds to infinity; its largest number is 65,504. */
const OVERFLOW = 65_520;

/** Throws a `Problem` when float16 would turn a value of this tensor into infinity. */
export function checkFloat16Range(name: string, values: Float32Array): void {
  const at = values.findIndex((value) => Math.abs(value) >= OVERFLOW);
  if (at < 0) return;
  throw new Problem({
    found: `The tensor ${name} holds ${values[at]} at place ${at}, more than float16 can hold.`,
    expected: "Values between -65,504 and 65,504 were expected. Nothing was written.",
    remedy: "Save the model as float32.",
  });
}
