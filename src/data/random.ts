/**
 * A seeded generator of uniform numbers in [0, 1), the same on every machine: mulberry32 (Tommy Ettinger, 2017,
 * public domain): a 32-bit counter stepped by an odd constant, then two rounds of multiply and xor-shift.
 * Its period is 2^32, plenty for shuffles and splits; it is not for secrets.
 */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

/** The indices 0..count-1 in an order drawn from `random`, each order equally likely (Fisher and Yates). */
export function shuffledIndices(count: number, random: () => number): Int32Array {
  const indices = new Int32Array(count);
  // The inside-out form: each index goes to a random place among those before it, and what stood there moves up.
  for (let next = 0; next < count; next++) {
    const place = Math.floor(random() * (next + 1));
    indices[next] = indices[place] ?? 0;
    indices[place] = next;
  }
  return indices;
}
