import { filledTensor } from "../ops/device-tensor.ts";
import type { Parameter } from "../ops/parameter.ts";
import type { ModelConfig } from "./config.ts";
import { uniformValues } from "./initialize.ts";
import { headRoles, lowRankRole, pair, type ParameterNames } from "./names.ts";

/** The matrices of a layer that LoRA can stand beside. */
export const lowRankTargets = ["query", "key", "value", "attentionOutput", "intermediate", "output"] as const;
export type LowRankTarget = (typeof lowRankTargets)[number];

export interface LowRankOptions {
  rank: number;
  alpha: number;
  targets: readonly LowRankTarget[];
  /** Seed of the matrices A. */
  seed: number;
}

/** What stands beside one matrix W[out, in]: A[rank, in] and B[out, rank]; W acts as W + scale · B · A. */
export interface LowRankPair {
  a: Parameter;
  b: Parameter;
}

export type LowRankLayer = Partial<Record<LowRankTarget, LowRankPair>>;

/** LoRA's matrices of all layers. */
export interface LowRank {
  /** alpha / rank. */
  scale: number;
  layers: LowRankLayer[];
}

/** The name in a checkpoint of the weight that a target stands beside. */
export function targetName(names: ParameterNames, layer: number, target: LowRankTarget): string {
  return pair(names.layer(layer)[target]).weight;
}

/**
 * LoRA (Hu et al. 2021) as PEFT starts it: A even between ±1/√in (its kaiming_uniform with a = √5), B zero, so that
 * nothing changes before the first step. Parameters are named as in PEFT, without its "base_model.model.".
 */
export function createLowRank(config: ModelConfig, options: LowRankOptions): LowRank {
  const { rank, alpha, targets, seed } = options;
  const { hiddenSize: hidden, intermediateSize: inner } = config;
  let made = 0;
  const pair = (target: LowRankTarget, layer: number): LowRankPair => {
    const [rows, columns] = [target === "intermediate" ? inner : hidden, target === "output" ? inner : hidden];
    const parameter = (letter: "A" | "B", shape: number[], values: () => Float32Array<ArrayBuffer>): Parameter => {
      const name = targetName(config.names, layer, target).replace(/weight$/, `lora_${letter}.weight`);
      return {
        role: `${lowRankRole(layer, target)}.${letter}`,
        name,
        parts: [name],
        base: config.names.base,
        decays: true,
        level: layer + 1,
        ofHead: false,
        startsNew: true,
        value: filledTensor(shape, values),
      };
    };
    const ownSeed = seed + made++;
    return {
      a: parameter("A", [rank, columns], () => uniformValues(rank * columns, 1 / Math.sqrt(columns), ownSeed)),
      b: parameter("B", [rows, rank], () => new Float32Array(rows * rank)),
    };
  };
  const layers = Array.from({ length: config.layers }, (_, layer) =>
    Object.fromEntries(
      lowRankTargets.filter((target) => targets.includes(target)).map((target) => [target, pair(target, layer)]),
    ),
  );
  return { scale: alpha / rank, layers };
}

/** The model's parameters, all frozen but the head's that PEFT trains in classifiers of sequences, and LoRA's. */
export function withLowRank(
  { trainsBesideLowRank }: ModelConfig,
  parameters: readonly Parameter[],
  { layers }: LowRank,
): Parameter[] {
  const head = headRoles(trainsBesideLowRank);
  const base = parameters.map((one) => (head.includes(one.role) ? one : { ...one, frozen: true }));
  return [...base, ...layers.flatMap((layer) => Object.values(layer).flatMap(({ a, b }) => [a, b]))];
}

/** weight[out, in] + scale · B[out, rank] · A[rank, in]: the matrix that does what all three do. */
export function mergedWeight(
  weight: Float32Array,
  a: Float32Array,
  b: Float32Array,
  rank: number,
  scale: number,
): Float32Array<ArrayBuffer> {
  const columns = a.length / rank;
  const merged = Float32Array.from(weight);
  // A row at a time in float64, so that the sum is rounded once.
  const sums = new Float64Array(columns);
  for (let row = 0; row * columns < merged.length; row++) {
    sums.fill(0);
    for (let r = 0; r < rank; r++) {
      const factor = scale * (b[row * rank + r] ?? 0);
      for (let i = 0; i < columns; i++) sums[i] = (sums[i] ?? 0) + factor * (a[r * columns + i] ?? 0);
    }
    for (let i = 0; i < columns; i++) merged[row * columns + i] = (merged[row * columns + i] ?? 0) + (sums[i] ?? 0);
  }
  return merged;
}
