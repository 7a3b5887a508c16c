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

/** Numbers that `multiply.as` packs at once along the inner dimension; its DEPTH. */
const DEPTH = 512;

/** Bytes that `multiply.as` needs beside the operands, for a product of these sizes. */
export function scratchBytes(m: number, n: number, k: number): number {
  return 128 + 4 * Math.min(k, DEPTH) * (roundedUp(m, 4) + roundedUp(n, 8));
}

/** The same of all threads together, each of which packs the whole of the operand that is not cut: see `multiply`. */
export function scratchOfAll(m: number, n: number, k: number, threads: number): number {
  const each = m >= n ? scratchBytes(m / threads, n, k) : scratchBytes(m, n / threads, k);
  return threads * each;
}

const roundedUp = (size: number, step: number) => Math.ceil(size / step) * step;

/** c [m, n] = a [m, k] · b [k, n], or with `add` c + a · b. */
export function multiply(a: Matrix, b: Matrix, c: TensorInfo, add = false): void {
  const to = matrixOf(c);
  // Each thread packs the whole of the operand that is not cut: the smaller one.
  const cutsRows = a.rows >= b.columns;
  const [total, step] = cutsRows ? [a.rows, 4] : [b.columns, 8];
  const parts = threadParts(total, step, a.rows * b.columns * a.columns).map(({ from, to: end }) => {
    return cutsRows
      ? { a: rowsOf(a, from, end), b, c: rowsOf(to, from, end) }
      : { a, b: columnsOf(b, from, end), c: columnsOf(to, from, end) };
  });
  const most = Math.max(...parts.map((part) => scratchBytes(part.a.rows, part.b.columns, a.columns)));
  withWasmScratch(most * parts.length, (scratch) => {
    const calls = parts.map((part, i) => [
      ...[part.a.rows, part.b.columns, a.columns],
      ...[part.a.pointer, part.a.down, part.a.across],
      ...[part.b.pointer, part.b.across, part.b.down],
      ...[part.c.pointer, part.c.down],
      ...[Number(add), scratch + i * most],
    ]);
    callAll("multiply", calls);
  });
}
