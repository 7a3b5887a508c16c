// Beside the weight gradient, in the same dispatch: db[n] = Σ_t dy[t, n], by one row of workgroups more than dw has
// tiles. `element`, SHIFT and `gradient_at` (of dy) are the kernel's.
@group(0) @binding(4) var<storage, read_write> db: array<element>;

// The work of one of `count` threads.
fn bias_sums(thread: u32, count: u32) {
  let tokens = sizes.inner;
  let elements = sizes.rows >> SHIFT;
  for (var n = thread; n < elements; n += count) {
    var sum = element();
    for (var t = 0u; t < tokens; t++) { sum += gradient_at(t, n); }
    db[n] = sum;
  }
}
