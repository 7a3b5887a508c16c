// Shared by the three attention kernels for GPUs. qkv[T, 3·H]: q, k and v of a token side by side, each [heads, HEAD].
//
// A workgroup computes a block of 32 tokens of one (row, head), its own ones, and walks over all blocks of the row, the
// other ones: the kernels by query have queries of their own and walk over keys, the one by key the other way round.
// All is products of 32 × 32 numbers in workgroup memory, of which 8 × 8 threads have 4 × 4 sums each: of an inner
// dimension that is the head's (scores) in steps of CHUNK quads, or the other tokens (what is summed over them). Who
// computes them says the text behind this one: products-by-threads.wgsl or products-by-subgroups.wgsl. So no thread holds
// a whole head. What a thread sums up at the end is PIECE · CHUNK quads of a head; a head of more has several
// workgroups (PIECES), each of which computes the scores again. The sums are in one order, without atomics: the same
// bits at every run. Methods: Dao et al., "FlashAttention" (2022), algorithms 1 and 4; block products as in NVIDIA,
// "CUTLASS: Fast Linear Algebra in CUDA C++" (2017).
//
// Other kinds of attention change one place each, by the text that is put before this one:
// - `scores`: a bias by head and relative position (positions are within the row);
// - `is_pair`: a causal mask or a window; `others` then leaves out the blocks in which no pair is, which for a causal
//   mask are the later ones by query and the earlier ones by key.
//
// HEAD: numbers of a head. QUADS: its groups of four, the last one filled up with zeros. ELEMENTS: what a head takes in
// a storage buffer, which are vec4s where HEAD allows it. CHUNKS · CHUNK is at least QUADS.

struct Sizes {
  heads: u32, scale: f32, key0: u32, key1: u32, threshold: u32, drop_scale: f32,
  // Workgroups of this dispatch: block by block, within it head by head, within that piece by piece.
  first: u32, end: u32,
}
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> qkv: array<stored>;
// Position in its row of the block's first token, first token of the row, length of the row, row.
@group(0) @binding(2) var<storage, read> blocks: array<vec4<u32>>;

const SIDE = 32u;
// 8,192 tokens, the longest row. Loops with a constant bound are known to end, and need no second counter.
const MOST_BLOCKS = 256u;
const QUERY = 0u;
const KEY = 1u;
const VALUE = 2u;

// A vec4 of each thread, for sums over threads of one row.
var<workgroup> partial: array<vec4<f32>, 64>;

// A row of the batch with one head of it.
struct Row { start: u32, length: u32, head: u32 }

fn factors(queries: vec4<u32>, keys: vec4<u32>, row: Row) -> vec4<f32> {
  if (sizes.threshold == 0u) { return vec4<f32>(1.0); }
  let q = queries + row.start;
  return vec4<f32>(factor(q.x, row.head, keys.x), factor(q.y, row.head, keys.y),
                   factor(q.z, row.head, keys.z), factor(q.w, row.head, keys.w));
}

// Where a head starts in a tensor of one vector per token.
fn head_at(row: Row, position: u32) -> u32 { return ((row.start + position) * sizes.heads + row.head) * ELEMENTS; }

// Where q, k or v of a token's head starts in qkv.
fn part_at(row: Row, part: u32, position: u32) -> u32 {
  return ((3u * (row.start + position) + part) * sizes.heads + row.head) * ELEMENTS;
}

// Numbers 4·quad … of q, k or v of a token's head; zeros past the head and past the row. Something is read in any case:
// without branches, the reads of a block go out together.
fn head_quad(row: Row, part: u32, position: u32, quad: u32) -> vec4<f32> {
  let numbers = qkv_quad(part_at(row, part, min(position, row.length - 1u)), min(quad, QUADS - 1u));
  return select(vec4<f32>(), numbers, position < row.length && quad < QUADS);
}

// The quad of a thread in one chunk of the head; QUADS where there is none.
fn quad_of(chunk: u32, x: u32) -> u32 { return select(QUADS, chunk * CHUNK + x, x < CHUNK); }

// The same quad of four tokens.
fn head_block(row: Row, part: u32, position: u32, quad: u32) -> mat4x4<f32> {
  return mat4x4<f32>(head_quad(row, part, position, quad), head_quad(row, part, position + 1u, quad),
                     head_quad(row, part, position + 2u, quad), head_quad(row, part, position + 3u, quad));
}

// Sums over the eight threads of a row; `partial` has one vec4 of each.
fn sum_of_row(y: u32) -> vec4<f32> {
  var sum = vec4<f32>();
  for (var x = 0u; x < 8u; x++) { sum += partial[8u * y + x]; }
  return sum;
}

fn sum_of(numbers: vec4<f32>) -> f32 { return dot(numbers, vec4<f32>(1.0)); }
