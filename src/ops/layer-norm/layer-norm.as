import { keepFactors } from "../dropout/dropout";
import { addWide, sumOfWide } from "../lanes";

// Rows of `hidden` numbers, a multiple of 4. Dropout is on the branch where there is one, else on the output; it
// counts elements through x[T, H].

/** y, normalized [T, H] and rstd [T] of x + dropout(branch), or of x where `branch` is 0. */
export function layerNorm(
  x: usize, branch: usize, gamma: usize, beta: usize, y: usize, normalized: usize, rstd: usize,
  hidden: i32, epsilon: f64,
  key0: i32, key1: i32, threshold: i32, kept: f32,
  from: i32, to: i32,
): void {
  const width = <usize>hidden << 2;
  for (let t = from; t < to; t++) {
    const row = <usize>t * width;
    const first = t * hidden;
    let sum = f64x2.splat(0);
    for (let at: usize = 0; at < width; at += 16) {
      let s = v128.load(x + row + at);
      if (branch) {
        const factors = keepFactors(first + <i32>(at >> 2), key0, key1, threshold, kept);
        s = f32x4.add(s, f32x4.mul(v128.load(branch + row + at), factors));
      }
      v128.store(normalized + row + at, s);
      sum = addWide(sum, s);
    }
    const mean = f32x4.splat(<f32>(sumOfWide(sum) / hidden));
    let squares = f64x2.splat(0);
    for (let at: usize = 0; at < width; at += 16) {
      const apart = f32x4.sub(v128.load(normalized + row + at), mean);
      squares = addWide(squares, f32x4.mul(apart, apart));
    }
    const deviation = <f32>(1 / Math.sqrt(sumOfWide(squares) / hidden + epsilon));
    store<f32>(rstd + (t << 2), deviation);
    for (let at: usize = 0; at < width; at += 16) {
      const apart = f32x4.sub(v128.load(normalized + row + at), mean);
      const normal = f32x4.mul(apart, f32x4.splat(deviation));
      v128.store(normalized + row + at, normal);
      let value = f32x4.add(f32x4.mul(normal, v128.load(gamma + at)), v128.load(beta + at));
      if (!branch) {
        value = f32x4.mul(value, keepFactors(first + <i32>(at >> 2), key0, key1, threshold, kept));
      }
      v128.store(y + row + at, value);
    }
  }
}

/** dx [T, H] from dy, and dBranch [T, H] where it is not 0. */
export function layerNormGradient(
  dy: usize, normalized: usize, rstd: usize, gamma: usize, dx: usize, dBranch: usize,
  hidden: i32,
  key0: i32, key1: i32, threshold: i32, kept: f32,
  from: i32, to: i32,
): void {
  const width = <usize>hidden << 2;
  for (let t = from; t < to; t++) {
    const row = <usize>t * width;
    const first = t * hidden;
    let sum = f64x2.splat(0), sumNormal = sum;
    for (let at: usize = 0; at < width; at += 16) {
      let g = f32x4.mul(v128.load(dy + row + at), v128.load(gamma + at));
      if (!dBranch) g = f32x4.mul(g, keepFactors(first + <i32>(at >> 2), key0, key1, threshold, kept));
      v128.store(dx + row + at, g);
      sum = addWide(sum, g);
      sumNormal = addWide(sumNormal, f32x4.mul(g, v128.load(normalized + row + at)));
    }
    const mean = f32x4.splat(<f32>(sumOfWide(sum) / hidden));
    const meanNormal = f32x4.splat(<f32>(sumOfWide(sumNormal) / hidden));
    const deviation = f32x4.splat(load<f32>(rstd + (t << 2)));
    for (let at: usize = 0; at < width; at += 16) {
      const along = f32x4.mul(v128.load(normalized + row + at), meanNormal);
      const apart = f32x4.sub(f32x4.sub(v128.load(dx + row + at), mean), along);
      const value = f32x4.mul(deviation, apart);
      v128.store(dx + row + at, value);
      if (dBranch) {
        const factors = keepFactors(first + <i32>(at >> 2), key0, key1, threshold, kept);
        v128.store(dBranch + row + at, f32x4.mul(value, factors));
      }
    }
  }
}

/** dGamma and dBeta [H], which are zero before; dropout is on the output where `threshold` is not 0. */
export function layerNormParameters(
  dy: usize, normalized: usize, dGamma: usize, dBeta: usize,
  tokens: i32, hidden: i32,
  key0: i32, key1: i32, threshold: i32, kept: f32,
): void {
  const width = <usize>hidden << 2;
  for (let t = 0; t < tokens; t++) {
    const row = <usize>t * width;
    for (let at: usize = 0; at < width; at += 16) {
      let g = v128.load(dy + row + at);
      if (threshold) g = f32x4.mul(g, keepFactors(t * hidden + <i32>(at >> 2), key0, key1, threshold, kept));
      const product = f32x4.mul(g, v128.load(normalized + row + at));
      v128.store(dGamma + at, f32x4.add(v128.load(dGamma + at), product));
      v128.store(dBeta + at, f32x4.add(v128.load(dBeta + at), g));
    }
  }
}
