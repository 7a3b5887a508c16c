// Epilogue of the input gradient: the residual path's gradient is added.
@group(0) @binding(3) var<storage, read> residual: array<element>;
@group(0) @binding(4) var<storage, read_write> c: array<element>;

fn store(row: u32, column: u32, sum: element) {
  let at = (row * sizes.columns + column) >> SHIFT;
  c[at] = sum + residual[at];
}
