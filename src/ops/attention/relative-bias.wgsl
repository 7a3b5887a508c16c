// Scores with a bias by head and distance: relative[2 · SPAN - 1, heads], by query - key + SPAN - 1.

fn pair_score(score: f32, query: u32, key: u32, head: u32) -> f32 { return score + relative[relative_at(query, key, head)]; }

fn relative_at(query: u32, key: u32, head: u32) -> u32 { return (query + SPAN - 1u - key) * sizes.heads + head; }

fn key_side(at: u32, position: u32) -> element { return qkv[at]; }

fn query_side(at: u32, position: u32) -> element { return qkv[at]; }
