// Epilogue of the forward product: z = sum + bias, y = act(z); the backward pass needs z.
@group(0) @binding(3) var<storage, read> bias: array<element>;
@group(0) @binding(4) var<storage, read_write> y: array<element>;
@group(0) @binding(5) var<storage, read_write> z: array<element>;

fn store(row: u32, column: u32, sum: element) {
  let at = (row * sizes.stride + column) >> SHIFT;
  let value = sum + bias[column >> SHIFT];
  z[at] = value;
  y[at] = activate(value);
}
