import type { Tensor } from "@tensorflow/tfjs-core";
import type { AttentionForm } from "../ops/attention/options.ts";
import { byDistance, byDistanceGradient, distancesOf } from "../ops/distances.ts";
import { dropout as drop } from "../ops/dropout/mask.ts";
import { linear, linearInputGradient } from "../ops/linear/linear.ts";
import type { LayerBackward, LayerForward, LowRankSaved } from "./layer-pass.ts";
import { addLowRank, lowRankBackward } from "./low-rank-branches.ts";
import { keepDense, type WeightAndBias } from "./parameter-gradients.ts";

/** What a layer makes of the positions, for attention and for the backward pass. */
interface PositionsPass {
  form: AttentionForm;
  /** The positions' states after dropout [buckets, H]. */
  dropped: Tensor;
  lowRank: LowRankSaved;
  dispose(): void;
}

const PARTS = ["query", "key"] as const;

/** What makes queries and keys of positions: a projection of their own, or that of tokens. */
interface ProjectionWeights {
  qkv: WeightAndBias;
  positions: WeightAndBias | null;
}

/**
 * Queries and keys of positions by distance, made of their states by the layer's projections; null where scores have
 * no products with positions. It is small beside the layer, and the backward pass makes it again.
 */
export function positionsForward(weights: ProjectionWeights, pass: LayerForward): PositionsPass | null {
  const { positions, attention } = pass.options;
  if (!positions) return null;
  const { states, dropout, contentToPosition, positionToContent } = positions;
  const [buckets = 0, hidden = 0] = states.shape;
  const dropped = drop(states, buckets * hidden, dropout);
  const { weight, bias } = weights.positions ?? weights.qkv;
  const projected = linear(dropped, weight.value, bias.value, buckets);
  const own = ofPositions(pass, buckets);
  // LoRA's matrices stand beside the projections of tokens.
  if (!weights.positions) for (const part of PARTS) addLowRank(own, part, dropped, projected);
  const distances = distancesOf(pass.batch);
  const table = byDistance(projected, distances);
  projected.dispose();
  const { span } = distances;
  const parts = weights.positions ? 2 : 3;
  return {
    form: {
      ...attention,
      relative: { kind: "products", span, table, parts, contentToPosition, positionToContent },
    },
    dropped,
    lowRank: own.lowRank,
    dispose() {
      for (const held of [table, dropped, ...Object.values(own.lowRank)]) held.dispose();
    },
  };
}

/** Adds what comes back through the positions to the projections' gradients, and keeps that of the states; takes dTable. */
export function positionsBackward(
  weights: ProjectionWeights,
  dTable: Tensor,
  { dropped, lowRank }: PositionsPass,
  pass: LayerBackward,
): void {
  const { positions } = pass.options;
  if (!positions) throw new Error("The layer has no positions.");
  const [buckets = 0, hidden = 0] = dropped.shape;
  const dProjected = byDistanceGradient(dTable, distancesOf(pass.batch));
  dTable.dispose();
  const projection = weights.positions ?? weights.qkv;
  keepDense(projection, dProjected, dropped, buckets, pass);
  const dDropped = linearInputGradient(dProjected, projection.weight.value, buckets);
  const own = { ...pass, ...ofPositions(pass, buckets), lowRank };
  if (!weights.positions) {
    for (const part of PARTS) lowRankBackward(own, part, { x: dropped, dy: dProjected, dx: dDropped });
  }
  dProjected.dispose();
  const dStates = drop(dDropped, buckets * hidden, positions.dropout);
  dDropped.dispose();
  if (pass.keepRelative) pass.keepRelative(dStates);
  else dStates.dispose();
}

/** The pass of LoRA's matrices over rows of positions instead of tokens. */
function ofPositions({ batch, options }: LayerForward, rows: number): LayerForward {
  return { batch: { ...batch, tokens: rows }, options, lowRank: {} };
}
