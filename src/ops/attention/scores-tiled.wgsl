// Scores of four pairs from q · k. Where a score is not linear in that, the gradients' `scale` changes too.
fn scores(products: vec4<f32>, queries: vec4<u32>, keys: vec4<u32>, row: Row) -> vec4<f32> {
  return products * sizes.scale;
}
