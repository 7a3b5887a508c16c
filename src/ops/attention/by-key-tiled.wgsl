// dk and dv. For each query i of the row:
//   p = exp(scale · q·k - lse_i),  dv += p · factor · dout_i,  ds = p · ((dout_i · v) · factor - delta_i),
//   dk += scale · ds · q_i
// Sums: dk and dv of 4 keys of the block in each thread. Rows of p and ds are keys here, and columns queries.

@group(0) @binding(6) var<storage, read> delta: array<f32>;

fn deltas_of(row: Row, position: u32) -> vec4<f32> {
  let at = query_at(row, position);
  return vec4<f32>(delta[at.x], delta[at.y], delta[at.z], delta[at.w]);
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
  let key = block.x + 4u * y;

  var dk: array<mat4x4<f32>, PIECE>;
  var dv: array<mat4x4<f32>, PIECE>;
  let walked = others(row, block.x);
  for (var turn = 0u; turn < MOST_BLOCKS; turn++) {
    if (walked.x + turn >= walked.y) { break; }
    let first = SIDE * (walked.x + turn);
    var p = mat4x4<f32>();
    var ds = mat4x4<f32>();
    for (var chunk = 0u; chunk < CHUNKS; chunk++) {
      let quad = quad_of(chunk, x);
      workgroupBarrier();
      put(A, x, y, transpose(head_block(row, KEY, key, quad)));
      put(B, x, y, transpose(head_block(row, QUERY, first + 4u * y, quad)));
      workgroupBarrier();
      p = product(p, A, B, CHUNK, x, y);
      workgroupBarrier();
      put(A, x, y, transpose(head_block(row, VALUE, key, quad)));
      put(B, x, y, transpose(dout_block(row, first + 4u * y, quad)));
      workgroupBarrier();
      ds = product(ds, A, B, CHUNK, x, y);
    }

    let query = first + 4u * x;
    let queries = query + vec4<u32>(0u, 1u, 2u, 3u);
    let log_sums = log_sums_of(row, query);
    let deltas = GRADIENT_SCALE * deltas_of(row, query);
    for (var i = 0u; i < 4u; i++) {
      let keys = vec4<u32>(key + i);
      let kept = factors(queries, keys, row);
      p[i] = select(vec4<f32>(), exp(scores(p[i], queries, keys, row) - log_sums), is_pair(queries, keys, row));
      ds[i] = p[i] * (ds[i] * kept - deltas) * sizes.scale;
      p[i] *= kept;
    }
    workgroupBarrier();
    put(A, x, y, transpose(ds));
    put(C, x, y, transpose(p));

    let quads = (row.length - first + 3u) / 4u;
    for (var g = 0u; g < PIECE; g++) {
      let quad = quad_of(piece * PIECE + g, x);
      workgroupBarrier();
      put(B, y, x, head_block(row, QUERY, first + 4u * y, quad));
      workgroupBarrier();
      dk[g] = product(dk[g], A, B, quads, x, y);
      workgroupBarrier();
      put(B, y, x, dout_block(row, first + 4u * y, quad));
      workgroupBarrier();
      dv[g] = product(dv[g], C, B, quads, x, y);
    }
  }

  for (var g = 0u; g < PIECE; g++) {
    let quad = quad_of(piece * PIECE + g, x);
    store_rows(row, KEY, key, quad, dk[g]);
    store_rows(row, VALUE, key, quad, dv[g]);
  }
}
