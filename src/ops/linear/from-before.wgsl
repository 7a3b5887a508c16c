// What a product's sums begin with: what c holds, where the inner dimension comes in parts. So they are the sums of the
// whole, added in the same order.
fn start(row: u32, column: u32) -> f32 { return c[row * sizes.columns + column]; }
fn start4(row: u32, column: u32) -> vec4<f32> {
  if (row >= sizes.rows || column >= sizes.columns) { return vec4<f32>(); }
  return vec4<f32>(start(row, column), start(row, column + 1u), start(row, column + 2u), start(row, column + 3u));
}
