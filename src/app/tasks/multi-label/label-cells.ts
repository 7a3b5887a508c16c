import { sigmoid } from "../../../metrics/sigmoid.ts";
import type { LabelRowScores } from "../../../tasks/multi-label/scores.ts";
import type { Results } from "../../../workers/protocol.ts";
import { pairKey, pairName, type ClassPair } from "../classes/pair-key.ts";
import type { Selectable } from "../panels.ts";

/** A cell of the matrix of a label. */
export interface LabelCell {
  label: number;
  isTrue: boolean;
  isPredicted: boolean;
}

const sides = ["missed", "wrongly predicted"] as const;

/** The key of a cell; of a wrong one that of the label that was missed or wrongly predicted. */
export function cellKey({ label, isTrue, isPredicted }: LabelCell): string {
  if (isTrue !== isPredicted) return pairKey(isTrue ? [label, null] : [null, label]);
  return `${isTrue ? "has" : "has not"} ${label}`;
}

/** A cell in words. */
export function cellName({ label, isTrue, isPredicted }: LabelCell, labelNames: readonly string[]): string {
  const name = labelNames[label] ?? `label ${label}`;
  if (isTrue !== isPredicted) return `${isTrue ? sides[0] : sides[1]} ${name}`;
  return `rightly predicted ${isTrue ? name : `not ${name}`}`;
}

/** Places of the rows of a cell among those that were scored. */
export function rowsOfCell({ truth, scores }: Pick<Results, "truth" | "scores">, cell: LabelCell): number[] {
  const { logits, thresholds, losses } = scores as LabelRowScores;
  const threshold = thresholds[cell.label] ?? NaN;
  const isIn = (row: number) => {
    const at = row * thresholds.length + cell.label;
    const isPredicted = sigmoid(logits[at] ?? NaN) >= threshold;
    return (truth.labels[at] === 1) === cell.isTrue && isPredicted === cell.isPredicted;
  };
  return Array.from(losses.keys()).filter(isIn);
}

/** Selects the rows in which one label was missed and another wrongly predicted, or one of both; null is any. */
export function selectWrong({ results, select, clear }: Selectable, pair: ClassPair): void {
  const [missed, added] = pair;
  if (missed === null && added === null) return clear();
  const ofMissed = missed === null ? null : rowsOfCell(results, { label: missed, isTrue: true, isPredicted: false });
  const ofAdded = added === null ? null : rowsOfCell(results, { label: added, isTrue: false, isPredicted: true });
  const second = new Set(ofAdded);
  const rows = ofMissed && ofAdded ? ofMissed.filter((row) => second.has(row)) : (ofMissed ?? ofAdded ?? []);
  select(pairKey(pair), pairName(pair, sides, results.labelNames), rows);
}
