// C[m, n] = A[m, k] · B[k, n], or added to C. Both operands may lie any way round: they are packed first, A by four
// rows and B by eight columns, so that the inner loop reads both straight on. Method: Goto and van de Geijn 2008,
// Anatomy of High-Performance Matrix Multiplication. Four by eight sums, two vectors of B and one of A are what fits
// into 16 registers.

/** Most of the inner dimension that is packed at once: a panel of either operand then stays in the first cache. */
const DEPTH: i32 = 512;

/** to[k, 4] = from[r, k] for four rows r, `toStride` bytes from k to k; rows that are not there are zero. */
@inline
function pack(to: usize, toStride: i32, from: usize, rowStride: i32, kStride: i32, rows: i32, depth: i32): void {
  if (rows == 4 && kStride == 4) packAcross(to, toStride, from, rowStride, depth);
  else if (rows == 4 && rowStride == 4) packAlong(to, toStride, from, kStride, depth);
  else packEdge(to, toStride, from, rowStride, kStride, rows, depth);
}

function packAlong(to: usize, toStride: i32, from: usize, kStride: i32, depth: i32): void {
  for (let k = 0; k < depth; k++) {
    v128.store(to, v128.load(from));
    to += toStride;
    from += kStride;
  }
}

function packAcross(to: usize, toStride: i32, from: usize, rowStride: i32, depth: i32): void {
  const second = from + rowStride;
  const third = second + rowStride;
  const fourth = third + rowStride;
  let k: usize = 0;
  const whole = <usize>(depth & ~3) << 2;
  for (; k < whole; k += 16) {
    const a = v128.load(from + k), b = v128.load(second + k), c = v128.load(third + k), d = v128.load(fourth + k);
    const abLow = v128.shuffle<f32>(a, b, 0, 4, 1, 5), abHigh = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
    const cdLow = v128.shuffle<f32>(c, d, 0, 4, 1, 5), cdHigh = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
    v128.store(to, v128.shuffle<f32>(abLow, cdLow, 0, 1, 4, 5));
    v128.store(to + toStride, v128.shuffle<f32>(abLow, cdLow, 2, 3, 6, 7));
    v128.store(to + 2 * toStride, v128.shuffle<f32>(abHigh, cdHigh, 0, 1, 4, 5));
    v128.store(to + 3 * toStride, v128.shuffle<f32>(abHigh, cdHigh, 2, 3, 6, 7));
    to += 4 * toStride;
  }
  packEdge(to, toStride, from + k, rowStride, 4, 4, depth & 3);
}

function packEdge(to: usize, toStride: i32, from: usize, rowStride: i32, kStride: i32, rows: i32, depth: i32): void {
  for (let k = 0; k < depth; k++) {
    for (let r = 0; r < 4; r++) store<f32>(to + (r << 2), r < rows ? load<f32>(from + r * rowStride) : 0);
    to += toStride;
    from += kStride;
  }
}

@inline
function addProduct(sum: v128, a: v128, b: v128): v128 {
  return f32x4.add(sum, f32x4.mul(a, b));
}

/** c[4, 8] = aᵀ · b of packed a[depth, 4] and b[depth, 8], or added to it. */
function tile(a: usize, b: usize, c: usize, cStride: i32, depth: i32, add: bool): void {
  let s00 = f32x4.splat(0), s01 = s00, s10 = s00, s11 = s00, s20 = s00, s21 = s00, s30 = s00, s31 = s00;
  for (let k = 0; k < depth; k++) {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    const a0 = v128.load32_splat(a);
    s00 = addProduct(s00, a0, b0);
    s01 = addProduct(s01, a0, b1);
    const a1 = v128.load32_splat(a, 4);
    s10 = addProduct(s10, a1, b0);
    s11 = addProduct(s11, a1, b1);
    const a2 = v128.load32_splat(a, 8);
    s20 = addProduct(s20, a2, b0);
    s21 = addProduct(s21, a2, b1);
    const a3 = v128.load32_splat(a, 12);
    s30 = addProduct(s30, a3, b0);
    s31 = addProduct(s31, a3, b1);
    a += 16;
    b += 32;
  }
  storeRow(c, s00, s01, add);
  storeRow(c + cStride, s10, s11, add);
  storeRow(c + 2 * cStride, s20, s21, add);
  storeRow(c + 3 * cStride, s30, s31, add);
}

@inline
function storeRow(to: usize, left: v128, right: v128, add: bool): void {
  if (add) {
    left = f32x4.add(left, v128.load(to));
    right = f32x4.add(right, v128.load(to, 16));
  }
  v128.store(to, left);
  v128.store(to, right, 16);
}

/** A tile that lies across the edge of C is computed beside it, at `spare`. */
function edgeTile(a: usize, b: usize, c: usize, cStride: i32, depth: i32, add: bool, rows: i32, columns: i32, spare: usize): void {
  tile(a, b, spare, 32, depth, false);
  for (let r = 0; r < rows; r++) {
    for (let q = 0; q < columns; q++) {
      const to = c + r * cStride + (q << 2);
      const value = load<f32>(spare + (r << 5) + (q << 2));
      store<f32>(to, add ? value + load<f32>(to) : value);
    }
  }
}

/**
 * Strides are in bytes: of A from row to row and along k, of B from column to column and along k, of C from row to row
 * (its columns lie side by side). `scratch` has room for what is packed, see `scratchOf` in multiply.ts.
 */
export function multiply(
  m: i32, n: i32, k: i32,
  a: usize, aRow: i32, aK: i32,
  b: usize, bColumn: i32, bK: i32,
  c: usize, cRow: i32,
  add: bool,
  scratch: usize,
): void {
  const packedRows = (m + 3) & ~3;
  const packedColumns = (n + 7) & ~7;
  const spare = scratch;
  const packedA = spare + 128;
  for (let done = 0; done < k; done += DEPTH) {
    const depth = min(DEPTH, k - done);
    const packedB = packedA + ((<usize>packedRows * depth) << 2);
    for (let i = 0; i < m; i += 4) {
      pack(packedA + ((<usize>i * depth) << 2), 16, a + i * aRow + done * aK, aRow, aK, min(4, m - i), depth);
    }
    for (let j = 0; j < packedColumns; j += 4) {
      const to = packedB + ((<usize>(j & ~7) * depth + (j & 7)) << 2);
      pack(to, 32, b + j * bColumn + done * bK, bColumn, bK, max(0, min(4, n - j)), depth);
    }
    const adds = add || done > 0;
    for (let j = 0; j < n; j += 8) {
      const right = packedB + ((<usize>j * depth) << 2);
      for (let i = 0; i < m; i += 4) {
        const left = packedA + ((<usize>i * depth) << 2);
        const to = c + i * cRow + (j << 2);
        if (i + 4 <= m && j + 8 <= n) tile(left, right, to, cRow, depth, adds);
        else edgeTile(left, right, to, cRow, depth, adds, min(4, m - i), min(8, n - j), spare);
      }
    }
  }
}
