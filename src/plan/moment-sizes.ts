/** From so many numbers on a parameter is updated alone; of smaller ones three share their moments' buffer. */
const ALONE_FROM = 16_384;
const MOST_TOGETHER = 3;

/** Sizes of the buffers that AdamW's moments of parameters of these sizes take (`ops/adamw/moments.ts`). */
export function momentSizes(sizes: readonly number[]): number[] {
  const large = sizes.filter((size) => size >= ALONE_FROM);
  const small = sizes.filter((size) => size < ALONE_FROM);
  const shared: number[] = [];
  for (let start = 0; start < small.length; start += MOST_TOGETHER)
    shared.push(2 * small.slice(start, start + MOST_TOGETHER).reduce((a, b) => a + b, 0));
  return [...large, ...large, ...shared];
}
