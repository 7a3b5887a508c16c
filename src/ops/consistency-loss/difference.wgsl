// Two outputs x, y of a regression: (x − y)², and its two gradients.

fn apart_at(x: f32, y: f32) -> vec3<f32> {
  return (x - y) * vec3<f32>(x - y, 2.0, -2.0);
}
