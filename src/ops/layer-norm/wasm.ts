import type { Tensor } from "@tensorflow/tfjs-core";
import { type Dropout, dropoutNumbers, NO_DROPOUT } from "../dropout/random.ts";
import { callAll, threadParts, wasmKernels, wasmPointer } from "../wasm-kernels.ts";
import type { BackwardInputs, BackwardOptions, ForwardInputs, ForwardOptions, LayerNormGradients } from "./options.ts";
import { hostView, makeHostTensor } from "../host.ts";

/** In the place of a tensor that is not there. */
const NONE = 0;

export function forward({ x, branch, gamma, beta }: ForwardInputs, { epsilon, dropout }: ForwardOptions) {
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

const tokenParts = (tokens: number, hidden: number) => threadParts(tokens, 1, 8 * tokens * hidden);

export function backward(
  { dy, normalized, rstd, gamma }: BackwardInputs,
  { dropout, onBranch, wantsParameters }: BackwardOptions,
): LayerNormGradients {
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
