// Beside the weight gradient, in the same dispatch: db[n] = Σ_t dy[t, n], by one row of workgroups more than dw has
// tiles. A = dy; `element` and WIDTH (numbers in an element) as the kernel's.
@group(0) @binding(4) var<storage, read_write> db: array<element>;

// The work of one of `count` threads.
fn bias_sums(thread: u32, count: u32) {
  for (var n = thread; n < sizes.rows / WIDTH; n += count) {
    var sum = element();
    for (var t = 0u; t < sizes.inner; t++) { sum += a[t * (sizes.stride / WIDTH) + n]; }
    db[n] = sum;
  }
}
