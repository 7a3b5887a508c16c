// dgamma[h] = Σ_t dy ⊙ normalized and dbeta[h] = Σ_t dy (dy through the output's dropout where PLACE == ON_OUTPUT).
// Four columns a thread; neighbours read neighbours.

struct Sizes { tokens: u32, hidden4: u32, key0: u32, key1: u32, threshold: u32, scale: f32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> dy: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> normalized: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> dgamma: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read_write> dbeta: array<vec4<f32>>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let h = id.x;
  if (h >= sizes.hidden4) { return; }
  let dropout = Dropout(sizes.key0, sizes.key1, sizes.threshold, sizes.scale);
  var gamma_sum = vec4<f32>();
  var beta_sum = vec4<f32>();
  for (var t = 0u; t < sizes.tokens; t++) {
    let at = t * sizes.hidden4 + h;
    var g = dy[at];
    if (PLACE == ON_OUTPUT) { g *= keep_factors(dropout, at); }
    gamma_sum += g * normalized[at];
    beta_sum += g;
  }
  dgamma[h] = gamma_sum;
  dbeta[h] = beta_sum;
}
