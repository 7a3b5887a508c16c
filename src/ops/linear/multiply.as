import { madd } from "../lanes";

// C[m, n] = A[m, k] · B[k, n], or added to C, in blocks of the inner dimension and of the columns. B is packed block by
// block, eight columns side by side; A is read as it lies where its rows are rows in memory, and transposed first where
// they are columns. Method: Goto and van de Geijn 2008, Anatomy of High-Performance Matrix Multiplication. Five by eight
// sums, two vectors of B, one of A and one product (where multiply and add are two instructions) fit into the 15
// registers that V8 has to give on x64.

/** Rows of a tile. This and the next three are in multiply.ts too. */
const ROWS: i32 = 5;
/** Columns of a tile, and of a panel of packed B. */
const COLUMNS: i32 = 8;
/** Most of the inner dimension at once: five rows of A and a panel of B then stay in the first cache. */
const DEPTH: i32 = 512;
/** Most columns of B that are packed at once: with DEPTH, what stays in the second cache. */
const BLOCK: i32 = 128;
/** Bytes of one tile's sums. */
const TILE: usize = 160;

/** to[c, r] = from[r, c] of four by four numbers. */
@inline
function transpose4(to: usize, toStride: i32, from: usize, fromStride: i32): void {
  const a = v128.load(from), b = v128.load(from + fromStride);
  const c = v128.load(from + 2 * fromStride), d = v128.load(from + 3 * fromStride);
  const abLow = v128.shuffle<f32>(a, b, 0, 4, 1, 5), abHigh = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const cdLow = v128.shuffle<f32>(c, d, 0, 4, 1, 5), cdHigh = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<f32>(abLow, cdLow, 0, 1, 4, 5));
  v128.store(to + toStride, v128.shuffle<f32>(abLow, cdLow, 2, 3, 6, 7));
  v128.store(to + 2 * toStride, v128.shuffle<f32>(abHigh, cdHigh, 0, 1, 4, 5));
  v128.store(to + 3 * toStride, v128.shuffle<f32>(abHigh, cdHigh, 2, 3, 6, 7));
}

/** to[c, r] = from[r, c] of any number of rows and columns. */
function transposeEdge(to: usize, toStride: i32, from: usize, fromStride: i32, rows: i32, columns: i32): void {
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) store<f32>(to + c * toStride + (r << 2), load<f32>(from + r * fromStride + (c << 2)));
  }
}

/** to[c, r] = from[r, c], by blocks of sixteen columns, which are one line of the cache. */
function transpose(to: usize, toStride: i32, from: usize, fromStride: i32, rows: i32, columns: i32): void {
  const wholeRows = rows & ~3;
  for (let c = 0; c < columns; c += 16) {
    const end = min(c + 16, columns), whole = end & ~3;
    for (let r = 0; r < wholeRows; r += 4) {
      for (let q = c; q < whole; q += 4) {
        transpose4(to + q * toStride + (r << 2), toStride, from + r * fromStride + (q << 2), fromStride);
      }
    }
    transposeEdge(to + whole * toStride, toStride, from + (whole << 2), fromStride, wholeRows, end - whole);
  }
  transposeEdge(to + (wholeRows << 2), toStride, from + wholeRows * fromStride, fromStride, rows - wholeRows, columns);
}

/** Packs a block of B by panels [depth, 8]; columns that are not there are zero. */
function packBlock(to: usize, b: usize, bColumn: i32, bK: i32, columns: i32, depth: i32): void {
  const panel = (depth * COLUMNS) << 2;
  let j = 0;
  if (bK == 4) {
    for (; j + COLUMNS <= columns; j += COLUMNS, to += panel, b += COLUMNS * bColumn) {
      transpose(to, 32, b, bColumn, 4, depth);
      transpose(to + 16, 32, b + 4 * bColumn, bColumn, 4, depth);
    }
  } else {
    for (; j + 2 * COLUMNS <= columns; j += 2 * COLUMNS, to += 2 * panel, b += 64) copyPanels(to, panel, b, bK, depth);
  }
  for (; j < columns; j += COLUMNS, to += panel, b += COLUMNS * bColumn) {
    packEdge(to, b, bColumn, bK, min(COLUMNS, columns - j), depth);
  }
}

/** Two panels at once, whose rows are one line of the cache in B. */
function copyPanels(to: usize, panel: i32, b: usize, bK: i32, depth: i32): void {
  for (let k = 0; k < depth; k++) {
    v128.store(to, v128.load(b));
    v128.store(to, v128.load(b, 16), 16);
    v128.store(to + panel, v128.load(b, 32));
    v128.store(to + panel, v128.load(b, 48), 16);
    to += 32;
    b += bK;
  }
}

function packEdge(to: usize, b: usize, bColumn: i32, bK: i32, columns: i32, depth: i32): void {
  for (let k = 0; k < depth; k++) {
    for (let q = 0; q < COLUMNS; q++) store<f32>(to + (q << 2), q < columns ? load<f32>(b + q * bColumn) : 0);
    to += 32;
    b += bK;
  }
}

/**
 * c[5, 8] = from[5, 8] + a · b of a[5, depth] and packed b[depth, 8]; rows of `a` from `last` on are read as that one.
 * Where the sums start is a pointer and no branch, and the loop is not unrolled: either makes V8 spill registers.
 */
function tile(a: usize, aRow: i32, last: i32, b: usize, depth: i32, from: usize, fromRow: i32, c: usize, cRow: i32): void {
  let s00 = v128.load(from), s01 = v128.load(from, 16);
  from += fromRow;
  let s10 = v128.load(from), s11 = v128.load(from, 16);
  from += fromRow;
  let s20 = v128.load(from), s21 = v128.load(from, 16);
  from += fromRow;
  let s30 = v128.load(from), s31 = v128.load(from, 16);
  from += fromRow;
  let s40 = v128.load(from), s41 = v128.load(from, 16);
  let second = a + min(1, last) * aRow, third = a + min(2, last) * aRow;
  let fourth = a + min(3, last) * aRow, fifth = a + min(4, last) * aRow;
  const end = a + (<usize>depth << 2);
  while (a < end) {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    const a0 = v128.load32_splat(a);
    s00 = madd(a0, b0, s00);
    s01 = madd(a0, b1, s01);
    const a1 = v128.load32_splat(second);
    s10 = madd(a1, b0, s10);
    s11 = madd(a1, b1, s11);
    const a2 = v128.load32_splat(third);
    s20 = madd(a2, b0, s20);
    s21 = madd(a2, b1, s21);
    const a3 = v128.load32_splat(fourth);
    s30 = madd(a3, b0, s30);
    s31 = madd(a3, b1, s31);
    const a4 = v128.load32_splat(fifth);
    s40 = madd(a4, b0, s40);
    s41 = madd(a4, b1, s41);
    a += 4;
    second += 4;
    third += 4;
    fourth += 4;
    fifth += 4;
    b += 32;
  }
  v128.store(c, s00);
  v128.store(c, s01, 16);
  v128.store(c + cRow, s10);
  v128.store(c + cRow, s11, 16);
  v128.store(c + 2 * cRow, s20);
  v128.store(c + 2 * cRow, s21, 16);
  v128.store(c + 3 * cRow, s30);
  v128.store(c + 3 * cRow, s31, 16);
  v128.store(c + 4 * cRow, s40);
  v128.store(c + 4 * cRow, s41, 16);
}

/** The sums of a tile that C does not hold as it is, to `spare` [5, 8] and back. */
function loadSums(spare: usize, c: usize, cRow: i32, cColumn: i32, rows: i32, columns: i32): void {
  if (cRow == 4 && rows == ROWS && columns == COLUMNS) {
    transpose4(spare, 32, c, cColumn);
    transpose4(spare + 16, 32, c + 4 * cColumn, cColumn);
    for (let q = 0; q < COLUMNS; q++) store<f32>(spare + 128 + (q << 2), load<f32>(c + q * cColumn, 16));
    return;
  }
  for (let r = 0; r < rows; r++) {
    for (let q = 0; q < columns; q++) store<f32>(spare + (r << 5) + (q << 2), load<f32>(c + r * cRow + q * cColumn));
  }
}

function storeSums(spare: usize, c: usize, cRow: i32, cColumn: i32, rows: i32, columns: i32): void {
  if (cRow == 4 && rows == ROWS && columns == COLUMNS) {
    transpose4(c, cColumn, spare, 32);
    transpose4(c + 4 * cColumn, cColumn, spare + 16, 32);
    for (let q = 0; q < COLUMNS; q++) store<f32>(c + q * cColumn, load<f32>(spare + 128 + (q << 2)), 16);
    return;
  }
  for (let r = 0; r < rows; r++) {
    for (let q = 0; q < columns; q++) store<f32>(c + r * cRow + q * cColumn, load<f32>(spare + (r << 5) + (q << 2)));
  }
}

/**
 * Strides are in bytes: of A from row to row and along k, of B from column to column and along k, of C from row to row
 * and from column to column. One of each pair is 4. `scratch` has room for what is packed, see `scratchBytes` in
 * multiply.ts.
 */
export function multiply(
  m: i32, n: i32, k: i32,
  a: usize, aRow: i32, aK: i32,
  b: usize, bColumn: i32, bK: i32,
  c: usize, cRow: i32, cColumn: i32,
  add: bool,
  scratch: usize,
): void {
  const zeros = scratch;
  memory.fill(zeros, 0, 32 + TILE);
  const spare = zeros + 32;
  for (let done = 0; done < k; done += DEPTH) {
    const depth = min(DEPTH, k - done);
    const adds = add || done > 0;
    let rows = a + done * aK, row = aRow;
    let packed = spare + TILE;
    if (aK != 4) {
      row = depth << 2;
      transpose(packed, row, rows, aK, depth, m);
      rows = packed;
      packed += m * row;
    }
    for (let start = 0; start < n; start += BLOCK) {
      const end = min(n, start + BLOCK);
      packBlock(packed, b + start * bColumn + done * bK, bColumn, bK, end - start, depth);
      for (let i = 0; i < m; i += ROWS) {
        const last = min(ROWS, m - i) - 1;
        const left = rows + i * row;
        for (let j = start; j < end; j += COLUMNS) {
          const right = packed + ((<usize>(j - start) * depth) << 2);
          const to = c + i * cRow + j * cColumn;
          if (cColumn == 4 && last == ROWS - 1 && j + COLUMNS <= end) {
            tile(left, row, last, right, depth, adds ? to : zeros, adds ? cRow : 0, to, cRow);
          } else {
            const columns = min(COLUMNS, end - j);
            if (adds) loadSums(spare, to, cRow, cColumn, last + 1, columns);
            tile(left, row, last, right, depth, adds ? spare : zeros, adds ? 32 : 0, spare, 32);
            storeSums(spare, to, cRow, cColumn, last + 1, columns);
          }
        }
      }
    }
  }
}
