/** to[r, ·] = row for each of `rows` rows of `width` numbers. */
export function repeatRow(row: usize, width: i32, to: usize, rows: i32): void {
  const bytes = <usize>width << 2;
  for (let r = 0; r < rows; r++) memory.copy(to + <usize>r * bytes, row, bytes);
}

/** sums[c] = Σ_r x[r, c] of x[rows, width]. */
export function columnSums(x: usize, rows: i32, width: i32, sums: usize): void {
  const bytes = <usize>width << 2;
  const whole = <usize>(width & ~3) << 2;
  memory.copy(sums, x, bytes);
  for (let r = 1; r < rows; r++) {
    x += bytes;
    let at: usize = 0;
    for (; at < whole; at += 16) v128.store(sums + at, f32x4.add(v128.load(sums + at), v128.load(x + at)));
    for (; at < bytes; at += 4) store<f32>(sums + at, load<f32>(sums + at) + load<f32>(x + at));
  }
}
