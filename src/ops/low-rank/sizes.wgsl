// What the three kernels of low-rank share. x has rows of `stride` numbers, of which those from `offset` on, `width`
// of them, are meant. The thin matrix w is A[rank, width] or B[width, rank]: element (r, k) lies at
// r·by_rank + k·by_width.

struct Sizes {
  tokens: u32, rank: u32, width: u32, offset: u32, stride: u32, by_rank: u32, by_width: u32, scale: f32,
  key0: u32, key1: u32, threshold: u32, keep_scale: f32,
}
@group(0) @binding(0) var<uniform> sizes: Sizes;

// Dropout's factor of element (t, k) of a whole input: there offset is 0 and stride is width.
fn keep(t: u32, k: u32) -> f32 {
  return keep_factor(Dropout(sizes.key0, sizes.key1, sizes.threshold, sizes.keep_scale), t * sizes.width + k);
}

fn thread_of(group: vec3<u32>, local: vec3<u32>) -> u32 { return (group.x + group.z * 65535u) * 64u + local.x; }
