// Blocks of the row that the block of position `own` is to walk over: the first, and the end.
fn others(row: Row, own: u32) -> vec2<u32> { return vec2<u32>(0u, (row.length + SIDE - 1u) / SIDE); }

// Whether the query looks at the key; positions may lie past the end of the row.
fn is_pair(queries: vec4<u32>, keys: vec4<u32>, row: Row) -> vec4<bool> {
  return max(queries, keys) < vec4<u32>(row.length);
}
