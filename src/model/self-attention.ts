import type { Tensor } from "@tensorflow/tfjs-core";
import { attention, attentionGradients } from "../ops/attention/attention.ts";
import { linear, linearInputGradient } from "../ops/linear/linear.ts";
import { rotate } from "../ops/rotary/rotary.ts";
import type { LayerBackward, LayerForward } from "./layer-pass.ts";
import { addLowRank, lowRankBackward } from "./low-rank-branches.ts";
import { positionsBackward, positionsForward } from "./position-products.ts";
import { keepDense, type WeightAndBias } from "./parameter-gradients.ts";

export interface SelfAttentionWeights {
  qkv: WeightAndBias;
  /** Queries and keys of positions [2·H, H], where they are not made by `qkv`. */
  positions: WeightAndBias | null;
  attentionOutput: WeightAndBias;
}

/** q, k and v side by side [T, 3H], what attention gathers [T, H], and the log-sum-exp of its scores [T, heads]. */
export interface SelfAttentionSaved {
  qkv: Tensor;
  context: Tensor;
  lse: Tensor;
}

const PARTS = ["query", "key", "value"] as const;

/** y[T, H] = attention of x[T, H] on itself within each row, and the dense layer after it. */
export function selfAttentionForward(
  weights: SelfAttentionWeights,
  x: Tensor,
  pass: LayerForward,
): { y: Tensor; saved: SelfAttentionSaved } {
  const { batch, options } = pass;
  const { tokens } = batch;
  const { heads, dropout } = options;
  const positions = positionsForward(weights, pass);
  const form = positions?.form ?? options.attention;
  const qkv = linear(x, weights.qkv.weight.value, weights.qkv.bias.value, tokens);
  for (const part of PARTS) addLowRank(pass, part, x, qkv);
  if (options.rotary) rotate(qkv, options.rotary, batch, { heads });
  const { out: context, lse } = attention(qkv, batch, { tokens, heads, dropout: dropout.attention, form });
  positions?.dispose();
  const y = linear(context, weights.attentionOutput.weight.value, weights.attentionOutput.bias.value, tokens);
  addLowRank(pass, "attentionOutput", context, y);
  return { y, saved: { qkv, context, lse } };
}

/**
 * Adds the gradients of the weights that train and returns dx[T, H], plus `residual` where x also went past attention;
 * null where it is not wanted. Takes dy, which is freed as soon as it was read.
 */
export function selfAttentionBackward(
  weights: SelfAttentionWeights,
  dy: Tensor,
  { x, qkv, context, lse }: SelfAttentionSaved & { x: Tensor },
  pass: LayerBackward,
  { wantsInput, residual }: { wantsInput: boolean; residual?: Tensor },
): Tensor | null {
  const { batch, options } = pass;
  const { tokens } = batch;
  const { heads, dropout } = options;
  keepDense(weights.attentionOutput, dy, context, tokens, pass);
  const dContext = linearInputGradient(dy, weights.attentionOutput.weight.value, tokens);
  lowRankBackward(pass, "attentionOutput", { x: context, dy, dx: dContext });
  dy.dispose();
  const saved = { qkv, out: context, lse };
  const positions = positionsForward(weights, pass);
  const spec = { tokens, heads, dropout: dropout.attention, form: positions?.form ?? options.attention };
  const { dQkv, dRelative } = attentionGradients(dContext, saved, batch, spec);
  if (dRelative && !positions) pass.keepRelative?.(dRelative);
  dContext.dispose();
  if (options.rotary) rotate(dQkv, options.rotary, batch, { heads, back: true });
  keepDense(weights.qkv, dQkv, x, tokens, pass);
  if (positions && dRelative) positionsBackward(weights, dRelative, positions, pass);
  positions?.dispose();
  const dx = wantsInput ? linearInputGradient(dQkv, weights.qkv.weight.value, tokens, residual) : null;
  for (const part of PARTS) lowRankBackward(pass, part, { x, dy: dQkv, dx });
  dQkv.dispose();
  return dx;
}
