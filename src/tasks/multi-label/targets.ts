import { looksOf } from "../../data/column-look.ts";
import { labelsOfCell, taskOfLabels } from "../../data/column-task.ts";
import { repeatedTexts } from "../../data/repeated-texts.ts";
import type { LabelledRows } from "../../data/rows.ts";
import type { TargetReader } from "../../data/targets.ts";
import type { Texts } from "../../io/text-column.ts";
import { sortLabels } from "../single-label/label-names.ts";
import { countsText, type LabelCounts, marksCounted } from "./label-counts.ts";
import { unreadFinding, unknownFinding } from "./label-findings.ts";
import { fewRows, noLabels } from "./row-findings.ts";
import { holdOut } from "./stratify.ts";

const marks = new Map([
  ...["1", "1.0", "true", "yes"].map((cell) => [cell, 1] as const),
  ...["0", "0.0", "false", "no"].map((cell) => [cell, 0] as const),
]);

/**
 * A row has any of the labels: a mark of 0 or 1 in a column of each, or a cell that lists them, as JSON, in brackets or with
 * a separator. A target is a mark for each label [labels]. Labels are those that occur, sorted, or the columns in their
 * order, unless they are given: then other labels of a row are left out.
 */
export const severalTargets: TargetReader = {
  read({ cells, names, separator, hasTexts, isEmpty }, labelNames) {
    if (cells.length > 1) return readMarks(names, labelNames);
    const [only = [], name = ""] = [cells[0], names[0]];
    const split = separator ?? detected(name, only);
    const labelsOf = (cell: string) => (isList(cell) ? labelsOfCell(cell, null) : labelsIn(cell, split));
    const all = labelNames ?? namesIn(only, (row) => hasTexts(row) && !isEmpty(only.at(row)), labelsOf);
    const places = new Map(all.map((label, place) => [label, place]));
    const unknown = new Map<string, number[]>();
    return {
      labelNames: all,
      width: all.length,
      numbers: "floats",
      of([cell = ""], tableRow) {
        const target = new Float32Array(all.length);
        for (const label of labelsOf(cell)) {
          const place = places.get(label);
          if (place === undefined) unknown.set(label, [...(unknown.get(label) ?? []), tableRow]);
          else target[place] = 1;
        }
        return target;
      },
      findings: () => unknownFinding(unknown, all),
    };
  },
  inspect: (rows) => [...noLabels(rows), ...repeatedTexts(rows), ...fewRows(rows)],
  strata: ({ texts }) => new Int32Array(texts.length),
  holdOut,
  lacks: (rows) => (marksCounted(rows).some((count) => count > 0) ? null : "no row with a label is left to train on"),
  holdMore: "Add rows with other texts, or take a validation file.",
  counts: marksCounted,
  describe: (parts) => ({ what: "labels", text: countsText(parts) }),
  summarize: (train, validation): LabelCounts => ({
    trainCounts: marksCounted(train),
    validationCounts: marksCounted(validation),
    labelsPerRow: labelsPerRow(train),
  }),
};

/** A column of marks for each label. */
function readMarks(names: readonly string[], labelNames: readonly string[] | null): ReturnType<TargetReader["read"]> {
  const all = labelNames ?? names;
  const columns = all.map((name) => names.indexOf(name));
  const unread: number[] = [];
  return {
    labelNames: all,
    width: all.length,
    numbers: "floats",
    of(cells, tableRow) {
      const target = columns.map((column) => marks.get((cells[column] ?? "").trim().toLowerCase()));
      if (target.every((mark) => mark !== undefined)) return target;
      unread.push(tableRow);
      return undefined;
    },
    findings: (keptRows) => unreadFinding(unread, keptRows === 0),
  };
}

const isList = (cell: string) => /^\s*\[[\s\S]*\]\s*$/.test(cell);

/** The labels of a cell with a separator between them; the whole cell is one where there is no separator. */
function labelsIn(cell: string, separator: string | null): string[] {
  if (separator !== null) return labelsOfCell(cell, separator);
  return cell.trim() === "" ? [] : [cell.trim()];
}

/** What separates the labels of a column; null where nothing does. */
function detected(name: string, cells: Texts): string | null {
  const [look] = looksOf([name], [cells]);
  return look ? taskOfLabels(look, null).delimiter : null;
}

function namesIn(cells: Texts, isKept: (row: number) => boolean, labelsOf: (cell: string) => string[]): string[] {
  const names = new Set<string>();
  for (let row = 0; row < cells.length; row++) {
    if (isKept(row)) for (const label of labelsOf(cells.at(row) ?? "")) names.add(label);
  }
  return sortLabels([...names]);
}

function labelsPerRow({ labels, texts }: LabelledRows): number {
  let sum = 0;
  for (const mark of labels) sum += mark;
  return sum / Math.max(1, texts.length);
}
