import type { TensorInfo } from "@tensorflow/tfjs-core";
import { wasmPointer, withWasmScratch } from "../../gpu/tfjs-internals.ts";
import { wasmKernels } from "../wasm-kernels.ts";

/** A matrix in the memory of the wasm backend, any way round; strides in bytes. */
export interface Matrix {
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

/** Numbers that `multiply.as` packs at once along the inner dimension; its DEPTH. */
const DEPTH = 512;

/** Bytes that `multiply.as` needs beside the operands, for a product of these sizes. */
export function scratchBytes(m: number, n: number, k: number): number {
  return 128 + 4 * Math.min(k, DEPTH) * (roundedUp(m, 4) + roundedUp(n, 8));
}

const roundedUp = (size: number, step: number) => Math.ceil(size / step) * step;

/** c [m, n] = a [m, k] · b [k, n], or with `add` c + a · b. */
export function multiply(a: Matrix, b: Matrix, c: TensorInfo, add = false): void {
  const [m, n, k] = [a.rows, b.columns, a.columns];
  const to = matrixOf(c);
  withWasmScratch(scratchBytes(m, n, k), (scratch) => {
    wasmKernels().multiply(
      ...[m, n, k],
      ...[a.pointer, a.down, a.across],
      ...[b.pointer, b.across, b.down],
      ...[to.pointer, to.down],
      ...[Number(add), scratch],
    );
  });
}
