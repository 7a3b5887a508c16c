// Epilogue of the first of two dispatches, where the inner dimension comes in parts: the sums of each part by themselves,
// c[parts, rows, columns]. sum-parts.wgsl adds them.
@group(0) @binding(3) var<storage, read_write> c: array<element>;

fn store_part(part: u32, row: u32, column: u32, sum: element) {
  if (row >= sizes.rows || column >= sizes.columns) { return; }
  c[((part * sizes.rows + row) * sizes.columns + column) >> SHIFT] = sum;
}

fn store(row: u32, column: u32, sum: element) { store_part(0u, row, column, sum); }
