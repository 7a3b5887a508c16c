import { numberOf, thousandsSign, type ThousandsSign } from "../../data/cell-number.ts";
import { repeatedTexts } from "../../data/repeated-texts.ts";
import type { LabelledRows } from "../../data/rows.ts";
import type { Finding } from "../../data/summary.ts";
import type { TargetReader } from "../../data/targets.ts";
import { counted } from "../../recipe/wording.ts";
import { numberSummary, rangeText } from "./number-summary.ts";
import { valueText } from "./value-text.ts";

/** Parts of equal numbers of rows that the numbers are cut into, so that validation has the same share of each. */
const STRATA = 10;
const SHOWN_ROWS = 20;
/** Numbers are called far off from this many widths of the middle half of the rows on, in a table of at least so many rows. */
const FAR = 30;
const FEWEST_MEASURED = 20;

/**
 * Cells are numbers, with a decimal point or comma, signs between thousands, a percent sign, a currency, or an exponent; rows
 * with another label are left out. A target is the number as it is written. The same share is held out of the lowest tenth of the rows, the next, and so on.
 */
export const valueTargets: TargetReader = {
  read({ cells: [cells = []], names, thousands: chosen }, labelNames) {
    const thousands = chosen === undefined ? thousandsSign(new Set(cells)) : chosen;
    const unread: number[] = [];
    return {
      labelNames: labelNames ?? names,
      numbers: "floats",
      of([cell = ""], tableRow) {
        const number = numberOf(cell.trim(), thousands);
        if (number !== null && Number.isFinite(Math.fround(number))) return number;
        unread.push(tableRow);
        return undefined;
      },
      findings: (keptRows) => [...unreadFinding(unread, keptRows === 0), ...thousandsFinding(thousands)],
    };
  },
  write({ cells: [cells = []], thousands: chosen }, [number = ""]) {
    const thousands = chosen === undefined ? thousandsSign(new Set(cells)) : chosen;
    // A point would be read as a sign between thousands.
    return [thousands === "." ? number.replace(".", ",") : number];
  },
  inspect: (rows) => [...oneNumber(rows), ...farNumbers(rows), ...repeatedTexts(rows)],
  strata({ labels }) {
    const order = Int32Array.from(labels.keys()).sort((a, b) => (labels[a] ?? 0) - (labels[b] ?? 0) || a - b);
    const strata = new Int32Array(labels.length);
    order.forEach((row, rank) => (strata[row] = Math.floor((rank * STRATA) / labels.length)));
    return strata;
  },
  lacks: ({ labels }) => (new Set(labels).size < 2 ? "fewer than two different numbers are left to train on" : null),
  expected: "Rows with different numbers were expected.",
  holdMore: "Add rows with other texts, or take a validation file.",
  counts: () => [],
  describe: (parts) => ({ what: "numbers", text: rangeText(parts) }),
  summarize: numberSummary,
};

function unreadFinding(rows: readonly number[], nothingLeft: boolean): Finding[] {
  if (rows.length === 0) return [];
  return [
    {
      id: "unread-labels",
      severity: nothingLeft ? "blocking" : "warning",
      text: `${counted(rows.length, "row has", "rows have")} a label that is no number and ${rows.length === 1 ? "is" : "are"} left out.`,
      remedy: "Correct these cells, or treat each value as a class.",
      tableRows: rows.slice(0, SHOWN_ROWS),
    },
  ];
}

function thousandsFinding(sign: ThousandsSign | null): Finding[] {
  if (sign === null) return [];
  return [
    {
      id: "thousands",
      severity: "note",
      text: `The "${sign}" in the numbers stands between thousands: "1${sign}234" is 1234.`,
      remedy: `If it stands before decimals, write them with another sign (1${sign === "," ? "." : ","}234).`,
      tableRows: [],
    },
  ];
}

/** Numbers so far from the others that the errors on them decide what is learned: by many times the middle half's width. */
function farNumbers({ labels, tableRows }: LabelledRows): Finding[] {
  if (labels.length < FEWEST_MEASURED) return [];
  const sorted = labels.toSorted();
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? NaN;
  const [low, high] = [at(0.25), at(0.75)];
  const reach = FAR * (high - low);
  const isFar = (number: number) => number < low - reach || number > high + reach;
  const far = [...labels.keys()].filter((row) => isFar(labels[row] ?? NaN));
  if (reach === 0 || far.length === 0 || far.length > 0.01 * labels.length) return [];
  const near = sorted.filter((number) => !isFar(number));
  const shown = far.slice(0, 3).map((row) => valueText(labels[row] ?? NaN));
  return [
    {
      id: "far-numbers",
      severity: "warning",
      text: `${counted(far.length, "row has a number", "rows have numbers")} far from all others: ${shown.join(", ")}; the others are ${valueText(near[0] ?? NaN)} to ${valueText(near.at(-1) ?? NaN)}.`,
      remedy:
        "Correct them if they are mistakes, or set huber (Huber's loss): squared errors on them outweigh all others.",
      tableRows: far.slice(0, SHOWN_ROWS).map((row) => tableRows[row] ?? 0),
    },
  ];
}

function oneNumber({ labels }: LabelledRows): Finding[] {
  if (new Set(labels).size >= 2) return [];
  return [
    {
      id: "one-number",
      severity: "blocking",
      text:
        labels.length === 0 ? "No row has both a text and a number." : `All rows have the same number, ${labels[0]}.`,
      remedy: "Choose another label column: there is nothing to predict.",
      tableRows: [],
    },
  ];
}
