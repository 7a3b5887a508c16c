// The twin of random.ts: the factor of one element, 0 when dropped, else 1 / (1 - rate).
struct Dropout { key0: u32, key1: u32, threshold: u32, scale: f32 }

fn mix32(word: u32) -> u32 {
  var x = word;
  x ^= x >> 16u;
  x *= 0x7feb352du;
  x ^= x >> 15u;
  x *= 0x846ca68bu;
  return x ^ (x >> 16u);
}

fn keep_factor(dropout: Dropout, element: u32) -> f32 {
  if (dropout.threshold == 0u) { return 1.0; }
  let word = mix32(mix32(element ^ dropout.key0) + dropout.key1);
  return select(dropout.scale, 0.0, word < dropout.threshold);
}
