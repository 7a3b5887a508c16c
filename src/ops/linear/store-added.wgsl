// Epilogue of the input gradient: the residual path's gradient is added.
@group(0) @binding(3) var<storage, read> residual: array<f32>;
@group(0) @binding(4) var<storage, read_write> c: array<f32>;

fn store(row: u32, column: u32, sum: f32) {
  let at = row * sizes.columns + column;
  c[at] = sum + residual[at];
}
