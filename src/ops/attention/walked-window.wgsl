// Tokens that a token looks at, and is looked at by, at most WINDOW away: the first, and the end.
fn others_of(row: vec2<u32>, token: u32) -> vec2<u32> {
  return vec2<u32>(max(row.x + WINDOW, token) - WINDOW, min(row.y, token + WINDOW + 1u));
}
