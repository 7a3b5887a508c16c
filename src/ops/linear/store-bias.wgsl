// Epilogue of the forward product: y = sum + bias.
@group(0) @binding(3) var<storage, read> bias: array<f32>;
@group(0) @binding(4) var<storage, read_write> y: array<f32>;

fn store(row: u32, column: u32, sum: f32) { y[row * sizes.stride + column] = sum + bias[column]; }
