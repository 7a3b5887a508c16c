// Scores are q · k, scaled. What else they may have is in the other relative-*.wgsl, under the same names.
fn pair_score(score: f32, query: u32, key: u32, head: u32) -> f32 { return score; }

// Where the position of a pair starts in the relative table.
fn relative_at(query: u32, key: u32, head: u32) -> u32 { return 0u; }

// What the gradient of a query sums up: element `at` of the key, and of the key of its position.
fn key_side(at: u32, position: u32) -> element { return qkv[at]; }

// The same of a key.
fn query_side(at: u32, position: u32) -> element { return qkv[at]; }
