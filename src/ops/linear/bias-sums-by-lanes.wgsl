// Beside the weight gradient, in the same dispatch: db[n] = Σ_t dy[t, n], by workgroups of their own, `bias_rows` rows of
// them, which start first since they take longest. For GPUs, where one thread for all tokens of a column would wait for
// one load after the other: a workgroup sums 4 elements, each of its threads takes every LANES-th token, and a tree adds
// these sums, always in the same order. `element`, SHIFT, THREADS, `tile` and `gradient_at` (of dy) are the kernel's.
@group(0) @binding(4) var<storage, read_write> db: array<element>;

const LANES = THREADS / 4u;

fn bias_sums(group: vec3<u32>, groups: vec3<u32>, thread: u32) {
  let tokens = sizes.inner;
  let n = (group.y * groups.x + group.x) * 4u + thread % 4u;
  let lane = thread / 4u;
  let is_column = n < (sizes.rows >> SHIFT);
  // Past the last column nothing is read, but barriers are met.
  let turns = select(0u, (tokens + LANES - 1u - lane) / LANES, is_column);
  var sum = element();
  for (var i = 0u; i < turns; i++) { sum += gradient_at(lane + i * LANES, n); }
  tile[thread] = sum;
  workgroupBarrier();
  for (var half = LANES / 2u; half > 0u; half /= 2u) {
    if (lane < half) { tile[thread] += tile[thread + half * 4u]; }
    workgroupBarrier();
  }
  if (lane == 0u && is_column) { db[n] = tile[thread]; }
}
