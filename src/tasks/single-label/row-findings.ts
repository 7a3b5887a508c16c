import { countLabels } from "../../data/groups.ts";
import { repeatedTexts } from "../../data/repeated-texts.ts";
import type { LabelledRows } from "../../data/rows.ts";
import type { Finding } from "../../data/summary.ts";
import { counted, percent, quoted } from "../../recipe/wording.ts";

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
