// Epilogue of from-rank: y += value, in place.
@group(0) @binding(3) var<storage, read_write> y: array<f32>;

fn store(at: u32, value: f32) { y[at] += value; }
