// Logits x, y of the probabilities p, q of one label: ½ (KL(p‖q) + KL(q‖p)) = ½ (p − q)(x − y), and its two gradients.

fn sigmoid(x: f32) -> f32 {
  let small = exp(-abs(x));
  return select(small, 1.0, x >= 0.0) / (1.0 + small);
}

fn apart_at(x: f32, y: f32) -> vec3<f32> {
  let p = sigmoid(x);
  let q = sigmoid(y);
  let dp = p * sigmoid(-x) * (x - y) + p - q;
  let dq = q * sigmoid(-y) * (y - x) + q - p;
  return 0.5 * vec3<f32>((p - q) * (x - y), dp, dq);
}
