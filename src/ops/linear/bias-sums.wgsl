// Beside the weight gradient, in the same dispatch: db[n] = Σ_t dy[t, n], by one row of workgroups more than dw has
// tiles. For software adapters, to which a long chain of loads costs nothing. `element`, SHIFT, THREADS and `gradient_at`
// (of dy) are the kernel's.
@group(0) @binding(4) var<storage, read_write> db: array<element>;

fn bias_sums(group: vec3<u32>, groups: vec3<u32>, thread: u32) {
  let tokens = sizes.inner;
  let elements = sizes.rows >> SHIFT;
  for (var n = group.x * THREADS + thread; n < elements; n += groups.x * THREADS) {
    var sum = element();
    for (var t = 0u; t < tokens; t++) { sum += gradient_at(t, n); }
    db[n] = sum;
  }
}
