// Scores of four pairs from q · k and a bias by head and distance: relative[2 · SPAN - 1, heads].
fn scores(products: vec4<f32>, queries: vec4<u32>, keys: vec4<u32>, row: Row) -> vec4<f32> {
  // Positions past the end of the row are no pairs: whatever is read there is not used.
  let at = min(queries + (SPAN - 1u) - min(keys, queries + (SPAN - 1u)), vec4<u32>(2u * SPAN - 2u)) * sizes.heads + row.head;
  let biases = vec4<f32>(relative[at.x], relative[at.y], relative[at.z], relative[at.w]);
  return products * sizes.scale + biases;
}
