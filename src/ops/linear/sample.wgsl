// Some numbers of a product, to be read back instead of all: `step` apart, from the first on again past the end.
struct Sizes { count: u32, step: u32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> c: array<f32>;
@group(0) @binding(2) var<storage, read_write> found: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) { found[id.x] = c[(id.x * sizes.step) % sizes.count]; }
