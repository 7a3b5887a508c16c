import type { Tensor } from "@tensorflow/tfjs-core";
import { filledTensors } from "../ops/device-tensor.ts";
import type { Parameter } from "../ops/parameter.ts";
import { Problem } from "../problem/problem.ts";
import { groupOf, intermediateRows, layersByGroup, type ModelConfig } from "./config.ts";
import { uniformValues } from "./initialize.ts";
import { headRoles, lowRankRole, packedTargets, pair, type ParameterNames } from "./names.ts";

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
  /** For each layer; layers that share their weights share these too. */
  layers: LowRankLayer[];
}

/** The name in a checkpoint of the weight that a target stands beside, by the number of its set of weights. */
export function targetName(names: ParameterNames, layer: number, target: LowRankTarget): string {
  return pair(names.layer(layer)[target]).weight;
}

/**
 * LoRA (Hu et al. 2021) as PEFT starts it: A even between ±1/√in (its kaiming_uniform with a = √5), B zero, so that
 * nothing changes before the first step. Parameters are named as in PEFT, without its "base_model.model.". Throws a
 * Problem for targets that the model has in one matrix with others.
 */
export function createLowRank(config: ModelConfig, options: LowRankOptions): LowRank {
  const { rank, alpha, targets, seed } = options;
  refusePacked(config, targets);
  const chosen = lowRankTargets.filter((target) => targets.includes(target));
  const groups = layersByGroup(config);
  const sites = groups.flatMap((layers, group) => chosen.map((target) => ({ group, layers, target })));
  const drafts = sites.flatMap((site, i) => draftsOf(config, site, { rank, seed: seed + i }));
  const tensors = filledTensors(drafts);
  const parameters = drafts.map(({ identity }, i): Parameter => ({ ...identity, value: tensors[i] as Tensor }));
  const own = groups.map((): LowRankLayer => ({}));
  for (const [i, { group, target }] of sites.entries()) {
    const [a, b] = parameters.slice(2 * i, 2 * i + 2);
    const pairs = own[group];
    if (pairs && a && b) pairs[target] = { a, b };
  }
  const layers = Array.from({ length: config.layers }, (_, layer) => own[groupOf(layer, config)] ?? {});
  return { scale: alpha / rank, layers };
}

/** A matrix that is adapted: which of the sets of weights it is in, and the layers that share that. */
interface LowRankSite {
  group: number;
  layers: readonly number[];
  target: LowRankTarget;
}

function refusePacked({ names }: ModelConfig, targets: readonly LowRankTarget[]): void {
  const packed = packedTargets(names).filter((target) => targets.includes(target));
  if (packed.length === 0) return;
  throw new Problem({
    found: `The recipe's LoRA targets include ${packed.join(", ")}.`,
    expected: "This model has query, key and value in one matrix, beside which LoRA's matrices are not trained here.",
    remedy: "Choose other targets, e.g. “attentionOutput”, “intermediate” and “output”.",
  });
}

/** A and B beside one matrix, before they have tensors. */
function draftsOf(
  config: ModelConfig,
  { group, layers, target }: LowRankSite,
  { rank, seed }: Pick<LowRankOptions, "rank" | "seed">,
) {
  const { hiddenSize: hidden, intermediateSize: inner } = config;
  const [rows, columns] = [
    target === "intermediate" ? intermediateRows(config) : hidden,
    target === "output" ? inner : hidden,
  ];
  const [first = 0, ...further] = layers;
  const identityOf = (letter: "A" | "B"): Omit<Parameter, "value"> => {
    const name = targetName(config.names, group, target).replace(/weight$/, `lora_${letter}.weight`);
    return {
      role: `${lowRankRole(first, target)}.${letter}`,
      name,
      parts: [name],
      base: config.names.base,
      decays: true,
      level: first + 1,
      ...(further.length > 0 && { layers }),
      ofHead: false,
      startsNew: true,
    };
  };
  const even = () => uniformValues(rank * columns, 1 / Math.sqrt(columns), seed);
  return [
    { identity: identityOf("A"), shape: [rank, columns], values: even },
    { identity: identityOf("B"), shape: [rows, rank], values: () => new Float32Array(rows * rank) },
  ];
}

/** The model's parameters, all frozen but the head's that PEFT trains in classifiers of sequences, and LoRA's. */
export function withLowRank(
  { trainsBesideLowRank }: ModelConfig,
  parameters: readonly Parameter[],
  { layers }: LowRank,
): Parameter[] {
  const head = headRoles(trainsBesideLowRank);
  const base = parameters.map((one) => (head.includes(one.role) ? one : { ...one, frozen: true }));
  return [...base, ...lowRankParameters(layers)];
}

/** Every matrix of LoRA, once. */
export function lowRankParameters(layers: readonly LowRankLayer[]): Parameter[] {
  return [...new Set(layers.flatMap((layer) => Object.values(layer).flatMap(({ a, b }) => [a, b])))];
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
