// Epilogue: the sum as it is.
@group(0) @binding(3) var<storage, read_write> c: array<f32>;

fn store(row: u32, column: u32, sum: f32) { c[row * sizes.columns + column] = sum; }
