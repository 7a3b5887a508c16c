// As many multiplications and additions as the registers allow: nothing is loaded between them. Each of four vectors
// takes ROUNDS products with a 4 × 4 matrix, as the tiles of the matmul family do; 32 operations each.

@group(0) @binding(0) var<storage, read_write> numbers: array<vec4<f32>>;

@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let start = numbers[id.x];
  let block = mat4x4<f32>(start, start.yxwz, start.zwxy, start.wzyx);
  var a = start;
  var b = start + 1.0;
  var c = start + 2.0;
  var d = start + 3.0;
  for (var round = 0u; round < ROUNDS; round++) {
    a += block * a;
    b += block * b;
    c += block * c;
    d += block * d;
  }
  numbers[id.x] = a + b + c + d;
}
