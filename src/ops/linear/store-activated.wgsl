// Epilogue of the forward product: z = sum + bias, y = act(z); the backward pass needs z.
@group(0) @binding(3) var<storage, read> bias: array<f32>;
@group(0) @binding(4) var<storage, read_write> y: array<f32>;
@group(0) @binding(5) var<storage, read_write> z: array<f32>;

fn store(row: u32, column: u32, sum: f32) {
  let at = row * sizes.stride + column;
  z[at] = sum + bias[column];
  y[at] = activate(z[at]);
}
