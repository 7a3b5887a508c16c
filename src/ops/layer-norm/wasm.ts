import type { Tensor, TensorInfo } from "@tensorflow/tfjs-core";
import { hostView, makeHostTensor, wasmPointer } from "../../gpu/tfjs-internals.ts";
import { NO_DROPOUT, type Dropout } from "../dropout/random.ts";
import { dropoutNumbers } from "../dropout/wasm-numbers.ts";
import { callAll, partsOf, wasmKernels } from "../wasm-kernels.ts";
import type { BackwardOptions, LayerNormGradients } from "./gradients.ts";

/** In the place of a tensor that is not there. */
const NONE = 0;

export function forward(
  x: Tensor,
  branch: Tensor | undefined,
  gamma: Tensor,
  beta: Tensor,
  epsilon: number,
  dropout: Dropout,
) {
  const [tokens = 0, hidden = 0] = x.shape;
  const [y, normalized, rstd] = [makeHostTensor(x.shape), makeHostTensor(x.shape), makeHostTensor([tokens])];
  const numbers = [
    ...[wasmPointer(x), branch ? wasmPointer(branch) : NONE],
    ...[gamma, beta, y, normalized, rstd].map(wasmPointer),
    ...[hidden, epsilon, ...dropoutNumbers(dropout)],
  ];
  callAll(
    "layerNorm",
    tokenParts(tokens, hidden).map(({ from, to }) => [...numbers, from, to]),
  );
  return { y, normalized, rstd };
}

const tokenParts = (tokens: number, hidden: number) => partsOf(tokens, 1, 8 * tokens * hidden);

export function backward(
  dy: Tensor,
  normalized: Tensor,
  rstd: Tensor,
  gamma: Tensor,
  { dropout, onBranch, wantsParameters }: BackwardOptions,
): LayerNormGradients<TensorInfo> {
  const [tokens = 0, hidden = 0] = dy.shape;
  const dx = makeHostTensor(dy.shape);
  const dBranch = onBranch ? makeHostTensor(dy.shape) : null;
  const numbers = [
    ...[dy, normalized, rstd, gamma, dx].map(wasmPointer),
    ...[dBranch ? wasmPointer(dBranch) : NONE, hidden, ...dropoutNumbers(dropout)],
  ];
  callAll(
    "layerNormGradient",
    tokenParts(tokens, hidden).map(({ from, to }) => [...numbers, from, to]),
  );
  return {
    dx,
    ...(dBranch && { dBranch }),
    ...(wantsParameters && parameterGradient(dy, normalized, onBranch ? NO_DROPOUT : dropout)),
  };
}

function parameterGradient(dy: Tensor, normalized: Tensor, dropout: Dropout) {
  const [tokens = 0, hidden = 0] = dy.shape;
  const [dGamma, dBeta] = [makeHostTensor([hidden]), makeHostTensor([hidden])];
  for (const sum of [dGamma, dBeta]) hostView(sum).fill(0);
  wasmKernels().layerNormParameters(
    ...[dy, normalized, dGamma, dBeta].map(wasmPointer),
    ...[tokens, hidden, ...dropoutNumbers(dropout)],
  );
  return { dGamma, dBeta };
}
