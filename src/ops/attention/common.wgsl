// Shared by the three kernels for software adapters. qkv[T, 3·H]: q, k and v of a token side by side, each
// [heads, head size]. bounds[T] = (first token, end) of the token's row. HEAD = elements of a head. A thread is one
// (token, head).

struct Sizes {
  tokens: u32, heads: u32, scale: f32, key0: u32, key1: u32, threshold: u32, drop_scale: f32,
  // Tokens of the longest row.
  longest: u32,
}
@group(0) @binding(0) var<uniform> sizes: Sizes;

// Where q (part 0), k (1) or v (2) of a token's head starts in qkv.
fn part_at(token: u32, part: u32, head: u32) -> u32 {
  return ((3u * token + part) * sizes.heads + head) * HEAD;
}

// Where a head starts in a tensor of one vector per token.
fn head_at(token: u32, head: u32) -> u32 { return (token * sizes.heads + head) * HEAD; }
