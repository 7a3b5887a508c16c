import { engine, matMul, type Tensor, type Tensor2D } from "@tensorflow/tfjs-core";
import { runningKind } from "../../gpu/running.ts";
import { makeHostTensor } from "../../gpu/tfjs-internals.ts";
import { matrixOf, multiply, transposed } from "../linear/multiply.ts";

/**
 * a · b on wasm or cpu, with either operand transposed first. tfjs-wasm's own product keeps packed weights by tensor and
 * would not see a weight change in place.
 */
export function product(a: Tensor, b: Tensor, transposeA = false, transposeB = false): Tensor {
  if (runningKind() !== "wasm") return matMul(a as Tensor2D, b as Tensor2D, transposeA, transposeB);
  const left = transposeA ? transposed(matrixOf(a)) : matrixOf(a);
  const right = transposeB ? transposed(matrixOf(b)) : matrixOf(b);
  const y = makeHostTensor([left.rows, right.columns]);
  multiply(left, right, y);
  return engine().makeTensorFromTensorInfo(y);
}
