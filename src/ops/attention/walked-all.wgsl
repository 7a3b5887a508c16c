// Tokens that a token looks at, and is looked at by: the first, and the end.
fn others_of(row: vec2<u32>, token: u32) -> vec2<u32> { return row; }
