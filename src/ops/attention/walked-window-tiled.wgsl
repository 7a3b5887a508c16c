// Blocks of the row that have tokens at most WINDOW away from the block of position `own`: the first, and the end.
fn others(row: Row, own: u32) -> vec2<u32> {
  return vec2<u32>((max(own, WINDOW) - WINDOW) / SIDE, (min(row.length, own + SIDE + WINDOW) + SIDE - 1u) / SIDE);
}

// Whether the query looks at the key; positions may lie past the end of the row.
fn is_pair(queries: vec4<u32>, keys: vec4<u32>, row: Row) -> vec4<bool> {
  let away = max(queries, keys) - min(queries, keys);
  return (max(queries, keys) < vec4<u32>(row.length)) & (away <= vec4<u32>(WINDOW));
}
