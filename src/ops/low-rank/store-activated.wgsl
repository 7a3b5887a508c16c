// Epilogue of from-rank: z += value in place, and y = act(z).
@group(0) @binding(3) var<storage, read_write> z: array<f32>;
@group(0) @binding(4) var<storage, read_write> y: array<f32>;

fn store(at: u32, value: f32) {
  let sum = z[at] + value;
  z[at] = sum;
  y[at] = activate(sum);
}
