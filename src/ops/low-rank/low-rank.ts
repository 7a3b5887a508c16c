import type { Tensor } from "@tensorflow/tfjs-core";
import type { Activation } from "../activation/activation.ts";
import { NO_DROPOUT, type Dropout } from "../dropout/random.ts";
import { defineKernel } from "../kernel.ts";
import * as portable from "./portable.ts";
import type { LowRankSpec } from "./spec.ts";
import * as webgpu from "./webgpu.ts";

const intoRank = defineKernel("TabtuneIntoRank", { portable: portable.intoRank, webgpu: webgpu.intoRank });

const fromRank = defineKernel("TabtuneFromRank", { portable: portable.fromRank, webgpu: webgpu.fromRank });

const fromRankActivated = defineKernel("TabtuneFromRankActivated", {
  portable: portable.fromRankActivated,
  webgpu: webgpu.fromRankActivated,
});

const rankGradient = defineKernel("TabtuneRankGradient", { portable: portable.gradient, webgpu: webgpu.gradient });

/** Where B's rows are among the columns of its output, and the factor that they are multiplied by (alpha / rank). */
export interface LowRankPlace {
  tokens: number;
  /** First column: of query, key and value packed side by side it may be that of any. */
  offset: number;
  scale: number;
}

const downSpec = (a: Tensor, tokens: number, dropout: Dropout): LowRankSpec => {
  return { tokens, offset: 0, width: a.shape[1] ?? 0, scale: 1, dropout, matrix: "down" };
};
const upSpec = (width: number, place: LowRankPlace): LowRankSpec => {
  return { ...place, width, dropout: NO_DROPOUT, matrix: "up" };
};

/** u[T, rank] = dropout(x[T, K]) · A[rank, K]ᵀ: the way down of a low-rank update (Hu et al. 2021, LoRA). */
export function lowRankDown(x: Tensor, a: Tensor, tokens: number, dropout: Dropout): Tensor {
  return intoRank({ x, w: a }, downSpec(a, tokens, dropout)).u;
}

/**
 * y[t, offset + n] += scale · Σ_r u[t, r] · B[n, r], in place. `y` must not have been an operand of a matmul (see
 * adamw).
 */
export function addLowRankUp(y: Tensor, u: Tensor, b: Tensor, place: LowRankPlace): void {
  fromRank({ y, u, w: b }, { ...upSpec(b.shape[0] ?? 0, place), activation: "none" });
}

/** The same onto z, in place, and then act(z). */
export function addLowRankUpActivated(
  z: Tensor,
  u: Tensor,
  b: Tensor,
  place: LowRankPlace,
  activation: Activation,
): Tensor {
  return fromRankActivated({ z, u, w: b }, { ...upSpec(b.shape[0] ?? 0, place), activation }).y;
}

/** du[T, rank] = scale · dy · B, with the columns of dy that B writes to. */
export function lowRankUpInputGradient(dy: Tensor, b: Tensor, place: LowRankPlace): Tensor {
  return intoRank({ x: dy, w: b }, upSpec(b.shape[0] ?? 0, place)).u;
}

/**
 * dB[N, rank] = scale · dyᵀ · u, of the N columns of dy that B writes to. On a GPU it is written into `into`, where that
 * is given.
 */
export function lowRankUpGradient(dy: Tensor, u: Tensor, columns: number, place: LowRankPlace, into?: Tensor): Tensor {
  return rankGradient({ x: dy, u }, { ...upSpec(columns, place), into }).dw;
}

/** dA[rank, K] = duᵀ · dropout(x); `into` as in `lowRankUpGradient`. */
export function lowRankDownGradient(du: Tensor, x: Tensor, tokens: number, dropout: Dropout, into?: Tensor): Tensor {
  return rankGradient({ x, u: du }, { ...downSpec(x, tokens, dropout), into }).dw;
}

/**
 * dx[T, K] += dropout(du · A), in place; where x was act(z), and dx is the gradient of z, times act′(z). `dx` must not
 * have been an operand of a matmul.
 */
export function addLowRankInputGradient(
  dx: Tensor,
  du: Tensor,
  a: Tensor,
  tokens: number,
  dropout: Dropout,
  through?: { z: Tensor; activation: Activation },
): void {
  const { z, activation = "none" } = through ?? {};
  fromRank({ y: dx, u: du, w: a, ...(z && { z }) }, { ...downSpec(a, tokens, dropout), activation });
}
