import { togetherOf } from "../../data/groups.ts";
import { createRandom, shuffledIndices } from "../../data/random.ts";
import { labelsOfRow } from "../../data/row-labels.ts";
import type { LabelledRows } from "../../data/rows.ts";

/**
 * Which rows are held out for validation [rows], 1 for those: iterative stratification (Sechidis, Tsoumakas and Vlahavas
 * 2011, On the Stratification of Multi-Label Data) into two parts. Label by label, the one with the fewest rows left first,
 * its rows go to the part that still wants most of the label; of equal wishes to the one that wants most rows. Rows with
 * equal texts stay on one side, as one row with all of their labels. The last rows have no label, and fill the parts.
 *
 * @param share within (0, 1)
 */
export function holdOut(rows: LabelledRows, share: number, seed: number): Uint8Array {
  const { groupOf, count } = togetherOf(rows);
  const { labelsOf, sizes } = labelledGroups(rows, groupOf, count);
  const labels = rows.labelNames.length;
  const order = shuffledIndices(count, createRandom(seed));
  const left = new Int32Array(labels);
  for (const own of labelsOf) for (const label of own) left[label] = (left[label] ?? 0) + 1;
  const wanted = Array.from(left, (groups) => [groups * (1 - share), groups * share] as [number, number]);
  const wantedRows: [number, number] = [rows.texts.length * (1 - share), rows.texts.length * share];
  const isHeld = new Uint8Array(count);
  const isPlaced = new Uint8Array(count);
  const byLabel = groupsByLabel(labelsOf, order, labels);

  const place = (group: number, wish: readonly [number, number]) => {
    const [train, held] = wish;
    const isEqual = Math.abs(train - held) < 1e-9;
    const part = (isEqual ? wantedRows[1] > wantedRows[0] : held > train) ? 1 : 0;
    isHeld[group] = part;
    isPlaced[group] = 1;
    wantedRows[part] -= sizes[group] ?? 0;
    for (const label of labelsOf[group] ?? []) {
      left[label] = (left[label] ?? 0) - 1;
      const own = wanted[label];
      if (own) own[part]--;
    }
  };

  for (let label = rarest(left); label >= 0; label = rarest(left)) {
    for (const group of byLabel[label] ?? []) {
      if (isPlaced[group] === 0) place(group, wanted[label] ?? [0, 0]);
    }
  }
  for (const group of order) if (isPlaced[group] === 0) place(group, wantedRows);
  return Uint8Array.from(groupOf, (group) => isHeld[group] ?? 0);
}

/** The label with the fewest groups left, of those that have any; -1 where none has. */
function rarest(left: Int32Array): number {
  let best = -1;
  left.forEach((groups, label) => {
    if (groups > 0 && (best < 0 || groups < (left[best] ?? 0))) best = label;
  });
  return best;
}

/** The labels of each group of equal texts, and its number of rows. */
function labelledGroups(rows: LabelledRows, groupOf: Int32Array, count: number) {
  const labelsOf = Array.from({ length: count }, () => new Set<number>());
  const sizes = new Int32Array(count);
  groupOf.forEach((group, row) => {
    sizes[group] = (sizes[group] ?? 0) + 1;
    labelsOfRow(rows, row).forEach((mark, label) => {
      if (mark > 0) labelsOf[group]?.add(label);
    });
  });
  return { labelsOf, sizes };
}

function groupsByLabel(labelsOf: readonly ReadonlySet<number>[], order: Int32Array, labels: number): number[][] {
  const groups = Array.from({ length: labels }, (): number[] => []);
  for (const group of order) for (const label of labelsOf[group] ?? []) groups[label]?.push(group);
  return groups;
}
