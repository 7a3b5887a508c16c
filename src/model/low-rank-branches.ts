import type { Tensor } from "@tensorflow/tfjs-core";
import type { Activation } from "../ops/activation/activation.ts";
import type { Dropout } from "../ops/dropout/random.ts";
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
import type { Gradients, Parameter } from "../ops/parameter.ts";
import type { LowRankLayer, LowRankPair, LowRankTarget } from "./low-rank.ts";

/** What LoRA does in one layer; without pairs nothing happens. */
export interface LowRankBranches {
  pairs: LowRankLayer;
  scale: number;
  dropout: (target: LowRankTarget) => Dropout;
}

/** u[T, rank] = dropout(x) · Aᵀ of each target, for the backward pass. */
export type LowRankSaved = Partial<Record<LowRankTarget, Tensor>>;

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

/** y += scale · (dropout(x) · Aᵀ) · Bᵀ in the target's columns, in place, and keeps the middle. */
export function addLowRank(
  { pairs, scale, dropout }: LowRankBranches,
  target: LowRankTarget,
  x: Tensor,
  y: Tensor,
  tokens: number,
  saved: LowRankSaved,
): void {
  const pair = pairs[target];
  if (!pair) return;
  const u = lowRankDown(x, pair.a.value, tokens, dropout(target));
  addLowRankUp(y, u, pair.b.value, placeOf(target, pair, tokens, scale));
  saved[target] = u;
}

/** The same onto z, before its activation; returns act(z). */
export function addLowRankActivated(
  { scale, dropout }: LowRankBranches,
  target: LowRankTarget,
  pair: LowRankPair,
  x: Tensor,
  z: Tensor,
  tokens: number,
  activation: Activation,
  saved: LowRankSaved,
): Tensor {
  const u = lowRankDown(x, pair.a.value, tokens, dropout(target));
  saved[target] = u;
  return addLowRankUpActivated(z, u, pair.b.value, placeOf(target, pair, tokens, scale), activation);
}

/**
 * Adds the gradients of A and B where they train, and to `dx`, in place, what comes back through them; where x was
 * act(z), `dx` is the gradient of z.
 */
export function lowRankBackward(
  { pairs, scale, dropout }: LowRankBranches,
  target: LowRankTarget,
  { x, dy, dx, through }: { x: Tensor; dy: Tensor; dx: Tensor | null; through?: { z: Tensor; activation: Activation } },
  tokens: number,
  saved: LowRankSaved,
  trains: (parameter: Parameter) => boolean,
  gradients: Gradients,
): void {
  const [pair, u] = [pairs[target], saved[target]];
  if (!pair || !u) return;
  const place = placeOf(target, pair, tokens, scale);
  if (trains(pair.b)) gradients.set(pair.b, lowRankUpGradient(dy, u, pair.b.value.shape[0] ?? 0, place));
  if (!dx && !trains(pair.a)) return;
  const du = lowRankUpInputGradient(dy, pair.b.value, place);
  if (trains(pair.a)) gradients.set(pair.a, lowRankDownGradient(du, x, tokens, dropout(target)));
  if (dx) addLowRankInputGradient(dx, du, pair.a.value, tokens, dropout(target), through);
  du.dispose();
}
