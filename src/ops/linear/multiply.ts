import type { TensorInfo } from "@tensorflow/tfjs-core";
import { callAll, threadParts, wasmPointer, withWasmScratch } from "../wasm-kernels.ts";

/** A matrix in the memory of the wasm backend, any way round; strides in bytes. */
interface Matrix {
  pointer: number;
  rows: number;
  columns: number;
  /** From a number to the one below it, and to the one beside it. */
  down: number;
  across: number;
}

/** A tensor [rows, columns] as a matrix. */
export function matrixOf(tensor: TensorInfo): Matrix {
  const [rows = 0, columns = 0] = tensor.shape;
  return { pointer: wasmPointer(tensor), rows, columns, down: 4 * columns, across: 4 };
}

/** The same numbers with rows and columns exchanged. */
export function transposed({ pointer, rows, columns, down, across }: Matrix): Matrix {
  return { pointer, rows: columns, columns: rows, down: across, across: down };
}

const rowsOf = (matrix: Matrix, from: number, to: number): Matrix => {
  return { ...matrix, pointer: matrix.pointer + from * matrix.down, rows: to - from };
};
const columnsOf = (matrix: Matrix, from: number, to: number): Matrix => {
  return { ...matrix, pointer: matrix.pointer + from * matrix.across, columns: to - from };
};

/** ROWS, COLUMNS, DEPTH and BLOCK of `multiply.as`, and the bytes of one tile's sums and of zeros for them to start at. */
const ROWS = 5;
const COLUMNS = 8;
const DEPTH = 512;
const BLOCK = 128;
const SUMS = 192;

/**
 * Bytes that `multiply.as` needs beside the operands a [m, k] and b [k, n].
 *
 * @param m of a left operand that it transposes, else 0
 */
export function scratchBytes(m: number, n: number, k: number): number {
  return SUMS + 4 * Math.min(k, DEPTH) * (m + Math.min(BLOCK, Math.ceil(n / COLUMNS) * COLUMNS));
}

/** The same of all threads together: see `multiplyParts`. */
export function scratchOfAll(m: number, n: number, k: number, threads: number): number {
  const each = m >= n ? scratchBytes(m / threads, n, k) : scratchBytes(m, n / threads, k);
  return threads * each;
}

/** c [m, n] = a [m, k] · b [k, n], or with `add` c + a · b. */
export function multiply(a: Matrix, b: Matrix, c: TensorInfo, add = false): void {
  const to = matrixOf(c);
  const isFree = a.across === 4 && b.down === 4;
  // The right operand is packed, the left one is not where its rows lie in memory: the larger of two such is the left.
  if (isFree && b.columns > a.rows) multiplyParts(transposed(b), transposed(a), transposed(to), add);
  else multiplyParts(a, b, to, add);
}

function multiplyParts(a: Matrix, b: Matrix, c: Matrix, add: boolean): void {
  // Each thread packs the whole of what it does not cut: the rows are cut where the left operand has to be transposed.
  const transposes = a.across !== 4;
  const cutsRows = transposes ? a.rows >= b.columns : a.rows >= 2 * b.columns;
  const [total, step] = cutsRows ? [a.rows, ROWS] : [b.columns, COLUMNS];
  const parts = threadParts(total, step, a.rows * b.columns * a.columns).map(({ from, to }) => {
    return cutsRows
      ? { a: rowsOf(a, from, to), b, c: rowsOf(c, from, to) }
      : { a, b: columnsOf(b, from, to), c: columnsOf(c, from, to) };
  });
  const most = Math.max(...parts.map((part) => scratchBytes(transposes ? part.a.rows : 0, part.b.columns, a.columns)));
  withWasmScratch(most * parts.length, (scratch) => {
    const calls = parts.map((part, i) => [
      ...[part.a.rows, part.b.columns, a.columns],
      ...[part.a.pointer, part.a.down, part.a.across],
      ...[part.b.pointer, part.b.across, part.b.down],
      ...[part.c.pointer, part.c.down, part.c.across],
      ...[Number(add), scratch + i * most],
    ]);
    callAll("multiply", calls);
  });
}
