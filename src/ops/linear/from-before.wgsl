// What a product's sums begin with: what c holds, where the inner dimension comes in parts. So they are the sums of the
// whole, added in the same order.
fn start(row: u32, column: u32) -> element {
  if (row >= sizes.rows || column >= sizes.columns) { return element(); }
  return c[(row * sizes.columns + column) >> SHIFT];
}
