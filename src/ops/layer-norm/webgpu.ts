import type { Tensor, TensorInfo } from "@tensorflow/tfjs-core";
import { dispatch, f32, output, release, u32, type Program } from "../../gpu/program.ts";
import type { Dropout } from "../dropout/random.ts";
import { dropoutUniforms } from "../dropout/uniforms.ts";
import dropoutWgsl from "../dropout/dropout.wgsl?raw";
import backwardWgsl from "./backward.wgsl?raw";
import forwardWgsl from "./forward.wgsl?raw";
import parametersWgsl from "./parameters.wgsl?raw";

const PLACES = { ON_BRANCH: 0, ON_OUTPUT: 1 };

function program(name: string, wgsl: string, onBranch: boolean): Program {
  const PLACE = onBranch ? PLACES.ON_BRANCH : PLACES.ON_OUTPUT;
  return { name, wgsl, constants: { ...PLACES, PLACE }, prelude: dropoutWgsl };
}

export function forward(
  x: Tensor,
  branch: Tensor | undefined,
  gamma: Tensor,
  beta: Tensor,
  tokens: number,
  epsilon: number,
  dropout: Dropout,
) {
  const [y, normalized, rstd] = [output(x.shape), output(x.shape), output([x.shape[0] ?? 0])];
  dispatch(
    program("layer-norm", forwardWgsl, branch !== undefined),
    [x, branch ?? x, gamma, beta, y, normalized, rstd],
    [u32(tokens), u32(gamma.size / 4), f32(epsilon), ...dropoutUniforms(dropout)],
    [tokens],
  );
  return { y, normalized, rstd };
}

export function backward(
  dy: Tensor,
  normalized: Tensor,
  rstd: Tensor,
  gamma: Tensor,
  tokens: number,
  dropout: Dropout,
  onBranch: boolean,
): { dx: TensorInfo; dBranch?: TensorInfo } {
  const [dx, dBranch] = [output(dy.shape), output(onBranch ? dy.shape : [4])];
  dispatch(
    program("layer-norm-backward", backwardWgsl, onBranch),
    [dy, normalized, rstd, gamma, dx, dBranch],
    [u32(tokens), u32(gamma.size / 4), ...dropoutUniforms(dropout)],
    [tokens],
  );
  if (onBranch) return { dx, dBranch };
  release(dBranch);
  return { dx };
}

export function parameterGradient(dy: Tensor, normalized: Tensor, tokens: number, dropout: Dropout, onBranch: boolean) {
  const hidden = dy.shape[1] ?? 0;
  const [dGamma, dBeta] = [output([hidden]), output([hidden])];
  dispatch(
    program("layer-norm-parameters", parametersWgsl, onBranch),
    [dy, normalized, dGamma, dBeta],
    [u32(tokens), u32(hidden / 4), ...dropoutUniforms(dropout)],
    [Math.ceil(hidden / 256)],
  );
  return { dGamma, dBeta };
}
