import type { Tensor } from "@tensorflow/tfjs-core";
import type { Activation } from "../ops/activation/activation.ts";
import {
  addLowRankInputGradient,
  addLowRankUp,
  addLowRankUpActivated,
  lowRankDown,
  lowRankDownGradient,
  lowRankUpGradient,
  lowRankUpInputGradient,
  type LowRankPlace,
} from "../ops/low-rank/low-rank.ts";
import type { LayerBackward, LayerForward } from "./layer-pass.ts";
import type { LowRankPair, LowRankTarget } from "./low-rank.ts";
import { keepGradient, placeIn } from "./parameter-gradients.ts";

/** Query, key and value lie side by side in one tensor. */
const PART: Record<LowRankTarget, number> = {
  query: 0,
  key: 1,
  value: 2,
  attentionOutput: 0,
  intermediate: 0,
  output: 0,
};

function placeOf(target: LowRankTarget, { b }: LowRankPair, tokens: number, scale: number): LowRankPlace {
  return { tokens, offset: PART[target] * (b.value.shape[0] ?? 0), scale };
}

/** y += scale · (dropout(x) · Aᵀ) · Bᵀ in the target's columns, in place; keeps the middle for the backward pass. */
export function addLowRank(
  { batch, options, lowRank }: LayerForward,
  target: LowRankTarget,
  x: Tensor,
  y: Tensor,
): void {
  const { pairs, scale, dropout } = options.lowRank;
  const pair = pairs[target];
  if (!pair) return;
  const u = lowRankDown(x, pair.a.value, batch.tokens, dropout(target));
  addLowRankUp(y, u, pair.b.value, placeOf(target, pair, batch.tokens, scale));
  lowRank[target] = u;
}

/** The same onto z, before its activation; returns act(z). */
export function addLowRankActivated(
  { batch, options, lowRank }: LayerForward,
  target: LowRankTarget,
  pair: LowRankPair,
  x: Tensor,
  z: Tensor,
): Tensor {
  const { scale, dropout } = options.lowRank;
  const u = lowRankDown(x, pair.a.value, batch.tokens, dropout(target));
  lowRank[target] = u;
  return addLowRankUpActivated(z, u, pair.b.value, placeOf(target, pair, batch.tokens, scale), options.activation);
}

/**
 * Adds the gradients of A and B where they train, and to `dx`, in place, what comes back through them; where x was
 * act(z), `dx` is the gradient of z.
 */
export function lowRankBackward(
  pass: LayerBackward,
  target: LowRankTarget,
  { x, dy, dx, through }: { x: Tensor; dy: Tensor; dx: Tensor | null; through?: { z: Tensor; activation: Activation } },
): void {
  const { batch, options, lowRank, trains } = pass;
  const { pairs, scale, dropout } = options.lowRank;
  const [pair, u] = [pairs[target], lowRank[target]];
  if (!pair || !u) return;
  const { a, b } = pair;
  const { tokens } = batch;
  const place = placeOf(target, pair, tokens, scale);
  if (trains(b)) keepGradient(pass, b, lowRankUpGradient(dy, u, b.value.shape[0] ?? 0, place, placeIn(pass, b)));
  if (!dx && !trains(a)) return;
  const du = lowRankUpInputGradient(dy, b.value, place);
  if (trains(a)) keepGradient(pass, a, lowRankDownGradient(du, x, tokens, dropout(target), placeIn(pass, a)));
  if (dx) addLowRankInputGradient(dx, du, a.value, tokens, dropout(target), through);
  du.dispose();
}
