// Epilogue of from-rank: the gradient goes on through the activation that made the input, y += value · act′(z).
@group(0) @binding(3) var<storage, read_write> y: array<f32>;
@group(0) @binding(4) var<storage, read> z: array<f32>;

fn store(at: u32, value: f32) { y[at] += value * activation_slope(z[at]); }
