import { dropThreshold, type Dropout } from "./random.ts";

/** The arguments of a kernel in `kernels.as` that drops: both words of the key, threshold, and factor of what is kept. */
export function dropoutNumbers({ rate, key }: Dropout): [number, number, number, number] {
  return [...key, dropThreshold(rate), 1 / (1 - rate)];
}
