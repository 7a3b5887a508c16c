// The second of two dispatches of a product whose inner dimension came in PARTS: adds what they stored
// (store-part.wgsl), in their order, a vec4 of outputs a thread. `store` comes from an epilogue file as in a product, but
// binds from 2 on.

alias element = vec4<f32>;
const SHIFT = 2u;
struct Sizes { rows: u32, inner: u32, columns: u32, stride: u32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> parts: array<vec4<f32>>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let columns4 = sizes.columns >> 2u;
  let count = sizes.rows * columns4;
  let i = id.x;
  if (i >= count) { return; }
  let row = i / columns4;
  let column = 4u * (i % columns4);
  var sum = start(row, column);
  for (var part = 0u; part < PARTS; part++) { sum += parts[part * count + i]; }
  store(row, column, sum);
}
