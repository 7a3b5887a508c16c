// Dropout factor of the probability with which token `query` looks at the key `offset` tokens into its row.
fn factor(query: u32, head: u32, offset: u32) -> f32 {
  let pair = query * sizes.heads + head;
  // What the shift loses, 2³² elements a block, changes the key: randomWord of random.ts.
  let key1 = sizes.key1 + (pair >> 19u) * 0x9e3779b9u;
  return keep_factor(Dropout(sizes.key0, key1, sizes.threshold, sizes.drop_scale), (pair << 13u) + offset);
}
