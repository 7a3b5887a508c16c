
// One of 64 pairs' part in a sum: element d of its key for the position's query (part 0), of its query for the
// position's key (part 1).
fn part_in_sum(part: u32, query: u32, distance: i32, head: u32, d: u32) -> element {
  if (part == 0u && POSITION_TO_CONTENT) { return qkv[part_at(u32(i32(query) - distance), 1u, head) + d]; }
  if (part == 1u && CONTENT_TO_POSITION) { return qkv[part_at(query, 0u, head) + d]; }
  return element();
}

fn sum_up(index: u32, distance: i32, head: u32, tokens: u32, own: u32) {
  // Each thread has some elements of the position's query and key, in SUMS turns.
  var sums: array<element, SUMS>;
  for (var first = 0u; first < tokens; first += 64u) {
    workgroupBarrier();
    gradients[own] = gradient_of(first + own, distance, head) * sizes.scale;
    workgroupBarrier();
    for (var turn = 0u; turn < SUMS; turn++) {
      let at = own + 64u * turn;
      if (at >= 2u * HEAD) { break; }
      for (var pair = 0u; pair < 64u; pair++) {
        let gradient = gradients[pair];
        // A pair that is not there has no tokens to read.
        if (gradient == 0.0) { continue; }
        sums[turn] += gradient * part_in_sum(at / HEAD, first + pair, distance, head, at % HEAD);
      }
    }
  }
  let start = (PARTS * (index / sizes.heads) * sizes.heads + head) * HEAD;
  for (var turn = 0u; turn < SUMS; turn++) {
    let at = own + 64u * turn;
    if (at >= PARTS * HEAD) { break; }
    d_relative[start + at / HEAD * sizes.heads * HEAD + at % HEAD] = sums[turn];
  }
}
