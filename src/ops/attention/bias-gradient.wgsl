
fn sum_up(index: u32, distance: i32, head: u32, tokens: u32, own: u32) {
  var sum = 0.0;
  for (var first = 0u; first < tokens; first += 64u) { sum += gradient_of(first + own, distance, head); }
  gradients[own] = sum;
  workgroupBarrier();
  if (own > 0u) { return; }
  var total = 0.0;
  for (var other = 0u; other < 64u; other++) { total += gradients[other]; }
  d_relative[index] = total;
}
