// A tile of 8 rows × 16 columns per thread, straight from storage: no workgroup memory, no feature needed.
//
// The inner dimension goes in steps of four: each step is a 4×4 block of B times a vec4 of A, for every row and group
// of four columns. Registers are spelled out: software adapters keep arrays in memory, which is four times slower, and
// matrices as sums a third. Method: register tiling, as in Goto & van de Geijn, "Anatomy of high-performance matrix
// multiplication" (2008).

fn store_row(row: u32, column: u32, p: vec4<f32>, q: vec4<f32>, r: vec4<f32>, s: vec4<f32>) {
  store4(row, column, p);
  store4(row, column + 4u, q);
  store4(row, column + 8u, r);
  store4(row, column + 12u, s);
}

@compute @workgroup_size(8, 8)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_id) local: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  if (PRODUCT == WEIGHT_GRADIENT && group.y == groups.y - 1u) {
    bias_sums(group.x * 64u + thread, groups.x * 64u);
    return;
  }
  let row = (group.y * 8u + local.y) * 8u;
  let column = (group.x * 8u + local.x) * 16u;
  if (row >= sizes.rows || column >= sizes.columns) { return; }

  // Sums of rows 0 … 7 in the columns' four groups p, q, r, s.
  var p0 = start(row, column); var p1 = start(row + 1u, column);
  var p2 = start(row + 2u, column); var p3 = start(row + 3u, column);
  var p4 = start(row + 4u, column); var p5 = start(row + 5u, column);
  var p6 = start(row + 6u, column); var p7 = start(row + 7u, column);
  var q0 = start(row, column + 4u); var q1 = start(row + 1u, column + 4u);
  var q2 = start(row + 2u, column + 4u); var q3 = start(row + 3u, column + 4u);
  var q4 = start(row + 4u, column + 4u); var q5 = start(row + 5u, column + 4u);
  var q6 = start(row + 6u, column + 4u); var q7 = start(row + 7u, column + 4u);
  var r0 = start(row, column + 8u); var r1 = start(row + 1u, column + 8u);
  var r2 = start(row + 2u, column + 8u); var r3 = start(row + 3u, column + 8u);
  var r4 = start(row + 4u, column + 8u); var r5 = start(row + 5u, column + 8u);
  var r6 = start(row + 6u, column + 8u); var r7 = start(row + 7u, column + 8u);
  var s0 = start(row, column + 12u); var s1 = start(row + 1u, column + 12u);
  var s2 = start(row + 2u, column + 12u); var s3 = start(row + 3u, column + 12u);
  var s4 = start(row + 4u, column + 12u); var s5 = start(row + 5u, column + 12u);
  var s6 = start(row + 6u, column + 12u); var s7 = start(row + 7u, column + 12u);

  let steps = (sizes.inner + 3u) / 4u;
  for (var k = 0u; k < steps; k++) {
    var a0: vec4<f32>; var a1: vec4<f32>; var a2: vec4<f32>; var a3: vec4<f32>;
    var a4: vec4<f32>; var a5: vec4<f32>; var a6: vec4<f32>; var a7: vec4<f32>;
    if (PRODUCT == WEIGHT_GRADIENT) {
      let upper = load_a_transposed(k, row / 4u);
      let lower = load_a_transposed(k, row / 4u + 1u);
      a0 = upper[0]; a1 = upper[1]; a2 = upper[2]; a3 = upper[3];
      a4 = lower[0]; a5 = lower[1]; a6 = lower[2]; a7 = lower[3];
    } else {
      a0 = load_a(row, k); a1 = load_a(row + 1u, k); a2 = load_a(row + 2u, k); a3 = load_a(row + 3u, k);
      a4 = load_a(row + 4u, k); a5 = load_a(row + 5u, k); a6 = load_a(row + 6u, k); a7 = load_a(row + 7u, k);
    }
    let bp = load_b(k, column / 4u);
    p0 += bp * a0; p1 += bp * a1; p2 += bp * a2; p3 += bp * a3;
    p4 += bp * a4; p5 += bp * a5; p6 += bp * a6; p7 += bp * a7;
    let bq = load_b(k, column / 4u + 1u);
    q0 += bq * a0; q1 += bq * a1; q2 += bq * a2; q3 += bq * a3;
    q4 += bq * a4; q5 += bq * a5; q6 += bq * a6; q7 += bq * a7;
    let br = load_b(k, column / 4u + 2u);
    r0 += br * a0; r1 += br * a1; r2 += br * a2; r3 += br * a3;
    r4 += br * a4; r5 += br * a5; r6 += br * a6; r7 += br * a7;
    let bs = load_b(k, column / 4u + 3u);
    s0 += bs * a0; s1 += bs * a1; s2 += bs * a2; s3 += bs * a3;
    s4 += bs * a4; s5 += bs * a5; s6 += bs * a6; s7 += bs * a7;
  }

  store_row(row, column, p0, q0, r0, s0);
  store_row(row + 1u, column, p1, q1, r1, s1);
  store_row(row + 2u, column, p2, q2, r2, s2);
  store_row(row + 3u, column, p3, q3, r3, s3);
  store_row(row + 4u, column, p4, q4, r4, s4);
  store_row(row + 5u, column, p5, q5, r5, s5);
  store_row(row + 6u, column, p6, q6, r6, s6);
  store_row(row + 7u, column, p7, q7, r7, s7);
}
