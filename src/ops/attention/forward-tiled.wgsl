// out[T, H] = dropout(softmax(scale · q·kᵀ)) · v within each row; lse[T, heads] = log Σ exp, for the backward pass.
// Online softmax: no [T, T] matrix. Sums: out of 4 queries of the block in each thread.

@group(0) @binding(3) var<storage, read_write> out: array<stored>;
@group(0) @binding(4) var<storage, read_write> lse: array<f32>;

const LOWEST = -3.0e38;

fn highest_of(numbers: vec4<f32>) -> f32 { return max(max(numbers.x, numbers.y), max(numbers.z, numbers.w)); }

// Each of four rows times a number of its own.
fn times(rows: mat4x4<f32>, factors: vec4<f32>) -> mat4x4<f32> {
  return mat4x4<f32>(rows[0] * factors.x, rows[1] * factors.y, rows[2] * factors.z, rows[3] * factors.w);
}

fn store_row(row: Row, position: u32, quad: u32, numbers: vec4<f32>) {
  if (position < row.length && quad < QUADS) { store_out(head_at(row, position), quad, numbers); }
}

fn store_rows(row: Row, position: u32, quad: u32, rows: mat4x4<f32>) {
  for (var i = 0u; i < 4u; i++) { store_row(row, position + i, quad, rows[i]); }
}

fn store_log_sum(row: Row, position: u32, log_sum: f32) {
  if (position < row.length) { lse[(row.start + position) * sizes.heads + row.head] = log_sum; }
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, thread: Thread) {
  begin(thread);
  let local = thread.local;
  let index = sizes.first + group.x + group.z * 65535u;
  if (index >= sizes.end) { return; }
  let block = blocks[index / PIECES / sizes.heads];
  let row = Row(block.y, block.z, index / PIECES % sizes.heads);
  let piece = index % PIECES;
  let x = local.x % 8u;
  let y = local.x / 8u;
  let query = block.x + 4u * y;

  var sums: array<mat4x4<f32>, PIECE>;
  var highest = vec4<f32>(LOWEST);
  var weight = vec4<f32>();
  let walked = others(row, block.x);
  for (var turn = 0u; turn < MOST_BLOCKS; turn++) {
    if (walked.x + turn >= walked.y) { break; }
    let first = SIDE * (walked.x + turn);
    var p = mat4x4<f32>();
    for (var chunk = 0u; chunk < CHUNKS; chunk++) {
      let quad = quad_of(chunk, x);
      workgroupBarrier();
      // A head of one chunk stays where it is.
      if (CHUNKS > 1u || turn == 0u) { put(A, x, y, transpose(head_block(row, QUERY, query, quad))); }
      put(B, x, y, transpose(head_block(row, KEY, first + 4u * y, quad)));
      workgroupBarrier();
      p = product(p, A, B, CHUNK, x, y);
    }

    let keys = first + 4u * x + vec4<u32>(0u, 1u, 2u, 3u);
    for (var i = 0u; i < 4u; i++) {
      let queries = vec4<u32>(query + i);
      p[i] = select(vec4<f32>(LOWEST), scores(p[i], queries, keys, row), is_pair(queries, keys, row));
    }
    partial[local.x] = vec4<f32>(highest_of(p[0]), highest_of(p[1]), highest_of(p[2]), highest_of(p[3]));
    workgroupBarrier();
    var next = highest;
    for (var other = 0u; other < 8u; other++) { next = max(next, partial[8u * y + other]); }
    let shrink = exp(highest - next);
    highest = next;
    for (var i = 0u; i < 4u; i++) {
      p[i] = select(vec4<f32>(), exp(p[i] - next[i]), p[i] > vec4<f32>(LOWEST));
    }
    weight = weight * shrink + vec4<f32>(sum_of(p[0]), sum_of(p[1]), sum_of(p[2]), sum_of(p[3]));
    for (var i = 0u; i < 4u; i++) { p[i] *= factors(vec4<u32>(query + i), keys, row); }
    put(C, x, y, transpose(p));

    let quads = (row.length - first + 3u) / 4u;
    for (var g = 0u; g < PIECE; g++) {
      let kept = times(sums[g], shrink);
      workgroupBarrier();
      put(B, y, x, head_block(row, VALUE, first + 4u * y, quad_of(piece * PIECE + g, x)));
      workgroupBarrier();
      sums[g] = product(kept, C, B, quads, x, y);
    }
  }

  workgroupBarrier();
  partial[local.x] = weight;
  workgroupBarrier();
  weight = sum_of_row(y);
  for (var g = 0u; g < PIECE; g++) {
    store_rows(row, query, quad_of(piece * PIECE + g, x), times(sums[g], 1.0 / weight));
  }
  if (x > 0u || piece > 0u) { return; }
  for (var i = 0u; i < 4u; i++) { store_log_sum(row, query + i, highest[i] + log(weight[i])); }
}
