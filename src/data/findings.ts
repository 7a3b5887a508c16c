import { countLabels, groupRows } from "./groups.ts";
import type { LabelledRows } from "./rows.ts";
import type { Finding } from "./summary.ts";
import { counted, percent, quoted } from "../recipe/wording.ts";

/** Rows of a class below which it is hardly learned, and not measured. */
const FEW_ROWS = 8;
/** More classes than this are rather ids. */
const MOST_CLASSES = 200;
const MAJORITY_SHARE = 0.8;
const IMBALANCE_RATIO = 10;
const SHOWN_ROWS = 20;

/** What a person should know of labelled rows before training on them; empty when there is nothing to say. */
export function inspectRows(rows: LabelledRows): Finding[] {
  const counts = countLabels(rows.labels, rows.labelNames.length);
  const ids = labelsLikeIds(rows);
  // Where the labels are no classes, words on their sizes would only bury that.
  const sizes = ids.length > 0 ? [] : [...smallClasses(rows, counts), ...imbalance(rows, counts)];
  return [...oneClass(rows), ...ids, ...repeatedTexts(rows), ...sizes];
}

function oneClass({ labelNames, texts }: LabelledRows): Finding[] {
  const [only] = labelNames;
  if (labelNames.length >= 2) return [];
  return [
    {
      id: "one-class",
      severity: "blocking",
      text:
        only === undefined
          ? "No row has both a text and a label."
          : `All ${counted(texts.length, "row")} have the same label, "${only}".`,
      remedy: "Choose another label column, or add rows of a second class: there must be two to tell apart.",
      tableRows: [],
    },
  ];
}

function labelsLikeIds({ labelNames, labels, tableRows }: LabelledRows): Finding[] {
  const nearlyDistinct = labels.length >= 20 && labelNames.length > labels.length / 2;
  if (labelNames.length <= MOST_CLASSES && !nearlyDistinct) return [];
  return [
    {
      id: "labels-look-like-ids",
      severity: "warning",
      text: `The label column has ${labelNames.length.toLocaleString("en")} different values in ${counted(labels.length, "row")} (${quoted(labelNames, 3)}); they look like ids or free text.`,
      remedy: "Choose the column that holds the class of each text.",
      tableRows: [...tableRows.subarray(0, SHOWN_ROWS)],
    },
  ];
}

/** Exact duplicates, and texts that stand under more than one label. */
function repeatedTexts(rows: LabelledRows): Finding[] {
  const { groupOf, count } = groupRows(rows);
  const firstLabel = new Int32Array(count).fill(-1);
  const conflicting = new Uint8Array(count);
  for (let row = 0; row < groupOf.length; row++) {
    const group = groupOf[row] ?? 0;
    const label = rows.labels[row] ?? 0;
    if (firstLabel[group] === -1) firstLabel[group] = label;
    else if (firstLabel[group] !== label) conflicting[group] = 1;
  }

  // A group with one label needs a byte; only of others are the labels remembered.
  const seenGroup = new Uint8Array(count);
  const seen = new Set<number>();
  let duplicates = 0;
  const duplicateRows: number[] = [];
  const conflictingByGroup = new Map<number, number[]>();
  for (let row = 0; row < groupOf.length; row++) {
    const group = groupOf[row] ?? 0;
    const tableRow = rows.tableRows[row] ?? 0;
    if (conflicting[group] === 1) {
      const shown = conflictingByGroup.get(group);
      if (shown === undefined) conflictingByGroup.set(group, [tableRow]);
      else shown.push(tableRow);
    }
    // The same text under the same label again.
    const key = group * rows.labelNames.length + (rows.labels[row] ?? 0);
    const isRepeated = conflicting[group] === 1 ? seen.has(key) : seenGroup[group] === 1;
    if (isRepeated) {
      duplicates++;
      if (duplicateRows.length < SHOWN_ROWS) duplicateRows.push(tableRow);
    } else if (conflicting[group] === 1) seen.add(key);
    else seenGroup[group] = 1;
  }

  const findings: Finding[] = [];
  if (duplicates > 0) {
    findings.push({
      id: "duplicates",
      severity: "note",
      text: `${counted(duplicates, "row repeats", "rows repeat")} an earlier one, text and label alike. Equal texts stay together: none is in both training and validation.`,
      remedy: "",
      tableRows: duplicateRows,
    });
  }
  if (conflictingByGroup.size > 0) {
    findings.push({
      id: "conflicting-labels",
      severity: "warning",
      text: `${counted(conflictingByGroup.size, "text stands", "texts stand")} under more than one label.`,
      remedy: "Decide on one label for each: such rows cannot all be right, and they cap the accuracy.",
      // Rows of one text stand side by side, so that the labels can be compared.
      tableRows: [...conflictingByGroup.values()].flat().slice(0, SHOWN_ROWS),
    });
  }
  return findings;
}

function smallClasses(rows: LabelledRows, counts: readonly number[]): Finding[] {
  const small = counts.map((count, label) => ({ count, label })).filter(({ count }) => count < FEW_ROWS);
  if (small.length === 0 || rows.labelNames.length < 2) return [];
  const labels = new Set(small.map(({ label }) => label));
  const names = small.map(({ label }) => rows.labelNames[label] ?? "");
  const shown: number[] = [];
  for (let row = 0; row < rows.labels.length && shown.length < SHOWN_ROWS; row++) {
    if (labels.has(rows.labels[row] ?? 0)) shown.push(rows.tableRows[row] ?? 0);
  }
  return [
    {
      id: "small-class",
      severity: "warning",
      text: `${counted(small.length, "class has", "classes have")} fewer than ${FEW_ROWS} rows: ${quoted(names)}.`,
      remedy: "Add rows of these classes or merge them with others: they will hardly be learned, nor well measured.",
      tableRows: shown,
    },
  ];
}

function imbalance(rows: LabelledRows, counts: readonly number[]): Finding[] {
  const most = counts.reduce((a, b) => Math.max(a, b), 0);
  const fewest = counts.reduce((a, b) => Math.min(a, b), Infinity);
  const share = most / Math.max(1, rows.labels.length);
  if (rows.labelNames.length < 2 || (share <= MAJORITY_SHARE && most <= IMBALANCE_RATIO * fewest)) return [];
  const largest = rows.labelNames[counts.indexOf(most)] ?? "";
  const smallest = rows.labelNames[counts.indexOf(fewest)] ?? "";
  return [
    {
      id: "imbalance",
      severity: "note",
      text: `"${largest}" has ${percent(share)} of the rows, and ${Number((most / Math.max(1, fewest)).toFixed(1))} times as many as "${smallest}".`,
      remedy: "Judge by macro F1 rather than accuracy; balanced class weights help when small classes are missed.",
      tableRows: [],
    },
  ];
}
