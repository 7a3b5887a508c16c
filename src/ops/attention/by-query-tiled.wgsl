// dq, and delta[T, heads] = dout · out for the pass by key. For each key j of the row:
//   p = exp(scale · q·k - lse),  dp = (dout · v) · factor,  ds = p · (dp - delta),  dq += scale · ds · k
// Sums: dq of 4 queries of the block in each thread.

@group(0) @binding(6) var<storage, read> out: array<stored>;
@group(0) @binding(7) var<storage, read_write> delta: array<f32>;

// The part of delta that one thread sums up.
fn own_delta(row: Row, position: u32, x: u32) -> f32 {
  var sum = 0.0;
  if (position >= row.length) { return sum; }
  let at = head_at(row, position);
  for (var chunk = 0u; chunk < CHUNKS; chunk++) {
    let quad = quad_of(chunk, x);
    if (quad < QUADS) { sum += dot(dout_quad(at, quad), out_quad(at, quad)); }
  }
  return sum;
}

fn store_delta(row: Row, position: u32, own: f32) {
  if (position < row.length) { delta[(row.start + position) * sizes.heads + row.head] = own; }
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

  partial[local.x] = vec4<f32>(own_delta(row, query, x), own_delta(row, query + 1u, x),
                               own_delta(row, query + 2u, x), own_delta(row, query + 3u, x));
  workgroupBarrier();
  let deltas = sum_of_row(y);
  let log_sums = log_sums_of(row, query);

  var sums: array<mat4x4<f32>, PIECE>;
  let walked = others(row, block.x);
  for (var turn = 0u; turn < MOST_BLOCKS; turn++) {
    if (walked.x + turn >= walked.y) { break; }
    let first = SIDE * (walked.x + turn);
    var p = mat4x4<f32>();
    var ds = mat4x4<f32>();
    for (var chunk = 0u; chunk < CHUNKS; chunk++) {
      let quad = quad_of(chunk, x);
      workgroupBarrier();
      put(A, x, y, transpose(head_block(row, QUERY, query, quad)));
      put(B, x, y, transpose(head_block(row, KEY, first + 4u * y, quad)));
      workgroupBarrier();
      p = product(p, A, B, CHUNK, x, y);
      workgroupBarrier();
      put(A, x, y, transpose(dout_block(row, query, quad)));
      put(B, x, y, transpose(head_block(row, VALUE, first + 4u * y, quad)));
      workgroupBarrier();
      ds = product(ds, A, B, CHUNK, x, y);
    }

    let keys = first + 4u * x + vec4<u32>(0u, 1u, 2u, 3u);
    for (var i = 0u; i < 4u; i++) {
      let queries = vec4<u32>(query + i);
      p[i] = select(vec4<f32>(), exp(scores(p[i], queries, keys, row) - log_sums[i]), is_pair(queries, keys, row));
      ds[i] = p[i] * (ds[i] * factors(queries, keys, row) - GRADIENT_SCALE * deltas[i]) * sizes.scale;
    }
    put(C, x, y, transpose(ds));

    let quads = (row.length - first + 3u) / 4u;
    for (var g = 0u; g < PIECE; g++) {
      workgroupBarrier();
      put(B, y, x, head_block(row, KEY, first + 4u * y, quad_of(piece * PIECE + g, x)));
      workgroupBarrier();
      sums[g] = product(sums[g], C, B, quads, x, y);
    }
  }

  for (var g = 0u; g < PIECE; g++) { store_rows(row, QUERY, query, quad_of(piece * PIECE + g, x), sums[g]); }
  if (x > 0u || piece > 0u) { return; }
  for (var i = 0u; i < 4u; i++) { store_delta(row, query + i, deltas[i]); }
}
