import type { RunRecord } from "./record.ts";

/** The two ends of a training loss, in nats. */
export interface LossScale {
  /** What a model loses that knows only how frequent the classes are. */
  chance: number;
  /** What a perfect model loses; 0 but for label smoothing. */
  floor: number;
}

/** The scale of a run's training loss; with class weights all classes count alike. */
export function lossScale({ recipe, labelNames, data }: RunRecord): LossScale {
  const classes = Math.max(2, labelNames.length);
  const rows = data.trainCounts.reduce((sum, count) => sum + count, 0);
  const known = rows > 0 && recipe.classWeights === null;
  const chance = known ? entropy(data.trainCounts.map((count) => count / rows)) : Math.log(classes);
  const rest = recipe.labelSmoothing / classes;
  const target = Array.from({ length: classes }, (_, k) => (k === 0 ? 1 - recipe.labelSmoothing + rest : rest));
  return { chance, floor: entropy(target) };
}

function entropy(shares: readonly number[]): number {
  return shares.reduce((sum, share) => (share > 0 ? sum - share * Math.log(share) : sum), 0);
}
