// Epilogue of the input gradient: on through the activation that made the input, by its slope at z.
@group(0) @binding(3) var<storage, read> z: array<element>;
@group(0) @binding(4) var<storage, read_write> c: array<element>;

fn store(row: u32, column: u32, sum: element) {
  let at = (row * sizes.columns + column) >> SHIFT;
  c[at] = sum * activation_slope(z[at]);
}
