// Scores with products of queries and the keys of positions, and of keys and the queries of positions:
// relative[2 · SPAN - 1, PARTS, heads, head size] by query - key + SPAN - 1; part 0 are queries, part 1 keys.
// Method: He et al., "DeBERTa" (2021), equation 4.

fn pair_score(score: f32, query: u32, key: u32, head: u32) -> f32 {
  let q_at = part_at(query, 0u, head);
  let k_at = part_at(key, 1u, head);
  let position = relative_at(query, key, head);
  var more = 0.0;
  for (var d = 0u; d < HEAD; d++) {
    more += dot(qkv[q_at + d], key_of(position + d)) + dot(qkv[k_at + d], query_of(position + d));
  }
  return score + sizes.scale * more;
}

// Where the query of a position starts.
fn relative_at(query: u32, key: u32, head: u32) -> u32 {
  return (PARTS * (query + SPAN - 1u - key) * sizes.heads + head) * HEAD;
}

fn query_of(at: u32) -> element {
  if (POSITION_TO_CONTENT) { return relative[at]; }
  return element();
}

fn key_of(at: u32) -> element {
  if (CONTENT_TO_POSITION) { return relative[at + sizes.heads * HEAD]; }
  return element();
}

fn key_side(at: u32, position: u32) -> element { return qkv[at] + key_of(position); }

fn query_side(at: u32, position: u32) -> element { return qkv[at] + query_of(position); }
