import { below, slope } from "../activation/gelu";

/** y[rows, inner] = gelu(first half of z[rows, 2·inner]) ⊙ second half. */
export function gatedGelu(z: usize, y: usize, rows: i32, inner: i32): void {
  const half = (<usize>inner) << 2;
  for (let row = 0; row < rows; row++, z += half) {
    const end = z + half;
    for (; z + 16 <= end; z += 16, y += 16) {
      const x = v128.load(z);
      v128.store(y, f32x4.mul(f32x4.mul(x, below(x)), v128.load(z + half)));
    }
    for (; z < end; z += 4, y += 4) {
      const x = v128.load32_splat(z);
      store<f32>(y, f32x4.extract_lane(f32x4.mul(x, below(x)), 0) * load<f32>(z + half));
    }
  }
}

/** dz[rows, 2·inner] from dy[rows, inner]: through the activation times the gate, and through the gate. */
export function gatedGeluGradient(z: usize, dy: usize, dz: usize, rows: i32, inner: i32): void {
  const half = (<usize>inner) << 2;
  for (let row = 0; row < rows; row++, z += half, dz += half) {
    const end = z + half;
    for (; z + 16 <= end; z += 16, dy += 16, dz += 16) {
      const x = v128.load(z), gradient = v128.load(dy);
      v128.store(dz, f32x4.mul(f32x4.mul(gradient, v128.load(z + half)), slope(x)));
      v128.store(dz + half, f32x4.mul(gradient, f32x4.mul(x, below(x))));
    }
    for (; z < end; z += 4, dy += 4, dz += 4) {
      const x = v128.load32_splat(z);
      const gradient = load<f32>(dy);
      store<f32>(dz, gradient * load<f32>(z + half) * f32x4.extract_lane(slope(x), 0));
      store<f32>(dz + half, gradient * f32x4.extract_lane(f32x4.mul(x, below(x)), 0));
    }
  }
}
