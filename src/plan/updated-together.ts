/** From so many numbers on a parameter is updated alone; of smaller ones three share a dispatch and their moments' buffer. */
const ALONE_FROM = 16_384;
const MOST_TOGETHER = 3;

/** Parameters as AdamW's dispatches take them (`ops/adamw/moments.ts`), in groups. */
export function updatedTogether<T>(parameters: readonly T[], sizeOf: (parameter: T) => number): T[][] {
  const small = parameters.filter((parameter) => sizeOf(parameter) < ALONE_FROM);
  const groups = parameters.filter((parameter) => sizeOf(parameter) >= ALONE_FROM).map((parameter) => [parameter]);
  for (let start = 0; start < small.length; start += MOST_TOGETHER)
    groups.push(small.slice(start, start + MOST_TOGETHER));
  return groups;
}

/** Sizes of the buffers of the two moments of each of these parameters. */
export function momentSizes(sizes: readonly number[]): number[] {
  return updatedTogether(sizes, (size) => size).flatMap((group) => {
    const [only = 0] = group;
    return only >= ALONE_FROM ? [only, only] : [2 * group.reduce((a, b) => a + b, 0)];
  });
}
