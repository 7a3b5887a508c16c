// Products of tiles by 8 × 8 threads, each of which has 4 × 4 of the sums. For devices whose subgroups multiply no
// matrices; products-by-subgroups.wgsl is the same for others.

struct Thread { @builtin(local_invocation_id) local: vec3<u32> }
fn begin(thread: Thread) {}

// What gradients are multiplied by before they come into tiles: float32 needs nothing.
const GRADIENT_SCALE = 1.0;

// Three tiles of 32 rows × 8 vec4s. A row's columns are in an order of their own (`cell`), which spreads over the banks
// of the memory both what neighbouring threads write and what they read.
const TILE = 256u;
const A = 0u;
const B = TILE;
const C = 2u * TILE;
var<workgroup> tiles: array<vec4<f32>, 3u * TILE>;

// Where rows 4·row4 … of a tile have this column; the next row is 8 vec4s further.
fn cell(tile: u32, row4: u32, column: u32) -> u32 { return tile + 32u * row4 + (column ^ row4); }

// Puts four vec4s into rows 4·row4 … of a tile.
fn put(tile: u32, row4: u32, column: u32, block: mat4x4<f32>) {
  let at = cell(tile, row4, column);
  tiles[at] = block[0];
  tiles[at + 8u] = block[1];
  tiles[at + 16u] = block[2];
  tiles[at + 24u] = block[3];
}

// sums + aᵀ · b over the first 4·quads rows of two tiles: rows 4·y … of it, columns 4·x …
fn product(sums: mat4x4<f32>, a: u32, b: u32, quads: u32, x: u32, y: u32) -> mat4x4<f32> {
  var sum0 = sums[0];
  var sum1 = sums[1];
  var sum2 = sums[2];
  var sum3 = sums[3];
  for (var quad = 0u; quad < 8u; quad++) {
    if (quad >= quads) { break; }
    let a_at = cell(a, quad, y);
    let b_at = cell(b, quad, x);
    for (var i = 0u; i < 4u; i++) {
      let left = tiles[a_at + 8u * i];
      let right = tiles[b_at + 8u * i];
      sum0 += right * left.x;
      sum1 += right * left.y;
      sum2 += right * left.z;
      sum3 += right * left.w;
    }
  }
  return mat4x4<f32>(sum0, sum1, sum2, sum3);
}
