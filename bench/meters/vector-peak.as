import { madd } from "../../src/ops/lanes";

// Products and sums in registers alone, with nothing loaded: what the processor can do with vectors of 128 bits.

/** Sums that do not wait for one another: more than the latency of a product (4) times the products per cycle (2). */
const SUMS: i32 = 10;

/** Operations of one turn: SUMS vectors of four lanes, a product and a sum each. */
export function operationsPerTurn(): i32 {
  return SUMS * 8;
}

/** Adds x to each sum, `turns` times, times 1/2; returns the sums' total, so that nothing is left out. */
export function multiplyAndAdd(turns: i32, x: f32): f32 {
  const half = f32x4.splat(0.5), added = f32x4.splat(x);
  let a = added, b = added, c = added, d = added, e = added;
  let f = added, g = added, h = added, i = added, j = added;
  for (let turn = 0; turn < turns; turn++) {
    a = madd(a, half, added);
    b = madd(b, half, added);
    c = madd(c, half, added);
    d = madd(d, half, added);
    e = madd(e, half, added);
    f = madd(f, half, added);
    g = madd(g, half, added);
    h = madd(h, half, added);
    i = madd(i, half, added);
    j = madd(j, half, added);
  }
  const first = f32x4.add(f32x4.add(f32x4.add(a, b), f32x4.add(c, d)), e);
  const second = f32x4.add(f32x4.add(f32x4.add(f, g), f32x4.add(h, i)), j);
  return f32x4.extract_lane(f32x4.add(first, second), 0);
}
