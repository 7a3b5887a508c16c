import { hashesOf, rowKey } from "./groups.ts";
import { labelsOfRow } from "./row-labels.ts";
import type { LabelledRows } from "./rows.ts";

/**
 * 16 hexadecimal digits that are the same for the same texts with the same labels in the same order, whatever numbers the
 * labels have: by them runs are known to have been scored on the same rows.
 *
 * @param places of the rows that count; all of them where not given
 */
export function rowsFingerprint(rows: LabelledRows, places?: Int32Array): string {
  const count = places?.length ?? rows.texts.length;
  let hashes: readonly [number, number] = [count, rows.pairs === null ? 0 : 1];
  for (let i = 0; i < count; i++) {
    const row = places?.[i] ?? i;
    const own = hashesOf(JSON.stringify([rowKey(rows, row), truthOf(rows, row)]));
    hashes = hashesOf([...hashes, ...own].join());
  }
  return hashes.map((hash) => (hash >>> 0).toString(16).padStart(8, "0")).join("");
}

/** What a row is labelled with: numbers, the names that are marked, or the name of each of its labels. */
function truthOf(rows: LabelledRows, row: number): (string | number)[] {
  const { labelNames, labels } = rows;
  const own = labelsOfRow(rows, row);
  if (labelNames.length === 0) return Array.from(own);
  if (labels instanceof Float32Array) return labelNames.filter((_, label) => own[label] === 1).sort();
  return Array.from(own, (label) => labelNames[label] ?? "");
}
