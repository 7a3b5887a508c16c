// Epilogue of the forward product: y = sum + bias.
@group(0) @binding(3) var<storage, read> bias: array<element>;
@group(0) @binding(4) var<storage, read_write> y: array<element>;

fn store(row: u32, column: u32, sum: element) { y[(row * sizes.stride + column) >> SHIFT] = sum + bias[column >> SHIFT]; }
