/**
 * The same for the rows `from` to `to` of a table of `columns` columns, whose gradients have places of their own: `place` has
 * one for each row, or -1 for a row without a gradient, in whose stead `none` has a row of zeros.
 */
export function adamwRows(
  weight: usize, gradient: usize, first: usize, second: usize, place: usize, none: usize, from: i32, to: i32,
  columns: i32, factor: f32, keep: f32, stepSize: f32, rootCorrection2: f32, beta1: f64, beta2: f64, epsilon: f32,
): void {
  const bytes = (<usize>columns) << 2;
  for (let row = from; row < to; row++) {
    const own = load<i32>(place + ((<usize>row) << 2));
    const at = (<usize>row) * bytes;
    const g = own < 0 ? none : gradient + (<usize>own) * bytes;
    adamw(
      weight + at, g, first + at, second + at, columns, factor, keep, stepSize, rootCorrection2, beta1, beta2, epsilon,
    );
  }
}

/** One AdamW step of `count` weights as in portable.ts; weight and moments change in place. */
export function adamw(
  weight: usize, gradient: usize, first: usize, second: usize, count: i32,
  factor: f32, keep: f32, stepSize: f32, rootCorrection2: f32, beta1: f64, beta2: f64, epsilon: f32,
): void {
  const keep1 = <f32>beta1, new1 = <f32>(1 - beta1), keep2 = <f32>beta2, new2 = <f32>(1 - beta2);
  const end = weight + ((<usize>count) << 2);
  for (; weight + 16 <= end; weight += 16, gradient += 16, first += 16, second += 16) {
    const g = f32x4.mul(v128.load(gradient), f32x4.splat(factor));
    const m = f32x4.add(f32x4.mul(f32x4.splat(keep1), v128.load(first)), f32x4.mul(f32x4.splat(new1), g));
    const square = f32x4.mul(f32x4.mul(f32x4.splat(new2), g), g);
    const v = f32x4.add(f32x4.mul(f32x4.splat(keep2), v128.load(second)), square);
    v128.store(first, m);
    v128.store(second, v);
    const root = f32x4.add(f32x4.div(f32x4.sqrt(v), f32x4.splat(rootCorrection2)), f32x4.splat(epsilon));
    const change = f32x4.div(f32x4.mul(f32x4.splat(stepSize), m), root);
    v128.store(weight, f32x4.sub(f32x4.mul(v128.load(weight), f32x4.splat(keep)), change));
  }
  for (; weight < end; weight += 4, gradient += 4, first += 4, second += 4) {
    const g = load<f32>(gradient) * factor;
    const m = keep1 * load<f32>(first) + new1 * g;
    const v = keep2 * load<f32>(second) + new2 * g * g;
    store<f32>(first, m);
    store<f32>(second, v);
    const change = (stepSize * m) / (Mathf.sqrt(v) / rootCorrection2 + epsilon);
    store<f32>(weight, load<f32>(weight) * keep - change);
  }
}
