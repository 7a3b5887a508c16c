import { looksOf } from "../../data/column-look.ts";
import { labelsOfCell, marksOfList, marksWidth } from "../../data/cell-labels.ts";
import { taskOfLabels } from "../../data/column-task.ts";
import { MissingWords, missingWordsFinding } from "../../data/empty-cells.ts";
import { areOnlyOnes, markOf } from "../../data/label-marks.ts";
import { labelsOfRow } from "../../data/row-labels.ts";
import { repeatedTexts } from "../../data/repeated-texts.ts";
import type { LabelledRows } from "../../data/rows.ts";
import type { TargetReader } from "../../data/targets.ts";
import type { Texts } from "../../io/text-column.ts";
import { lookAlikeFinding, respeltFinding } from "../single-label/label-findings.ts";
import { foundNames, givenNames } from "../single-label/label-names.ts";
import { countsText, type LabelCounts, marksCounted } from "./label-counts.ts";
import { unreadFinding, unknownFinding, vectorFinding } from "./label-findings.ts";
import { fewRows, noLabels } from "./row-findings.ts";
import { holdOut } from "./stratify.ts";
import { writtenLabels } from "./write-labels.ts";

/**
 * A row has any of the labels: a mark of 0 or 1 in a column of each, or a cell that lists them, as JSON, in brackets, with a
 * separator, or as a mark for each. A target is a mark for each label [labels]. Labels are those that occur, sorted, or the
 * columns in their order, unless they are given: then labels that differ in spelling alone are matched, and others left out.
 */
export const severalTargets: TargetReader = {
  read({ cells, names, separator, hasTexts, isEmpty, cleaning }, labelNames) {
    if (cells.length > 1) return readMarks(cells, names, isEmpty, labelNames);
    const [only = [], name = ""] = [cells[0], names[0]];
    const width = marksWidth(only);
    if (width !== null) return readVectors(width, labelNames);
    const split = separator ?? detected(name, only);
    const labelsOf = (cell: string) => labelsOfCell(cell, split);
    const isKept = (row: number) => hasTexts(row) && !isEmpty(only.at(row));
    const counts = labelNames === null ? countsIn(only, isKept, labelsOf) : null;
    const all = counts === null ? givenNames(labelNames ?? []) : foundNames(counts, cleaning);
    const unknown = new Map<string, number[]>();
    const missing = new MissingWords();
    return {
      labelNames: all.classes,
      width: all.classes.length,
      numbers: "floats",
      of([cell = ""], tableRow) {
        const target = new Float32Array(all.classes.length);
        for (const label of labelsOf(cell)) {
          const place = all.indexOf(label);
          if (place === undefined) unknown.set(label, [...(unknown.get(label) ?? []), tableRow]);
          else {
            target[place] = 1;
            missing.add(label, tableRow);
          }
        }
        return target;
      },
      findings: () => [
        ...unknownFinding(unknown, all.classes),
        ...(counts && !cleaning.mergeLabels ? lookAlikeFinding(counts) : []),
        ...(counts ? missingWordsFinding("label", missing.words, missing.rows) : []),
        ...respeltFinding(all.respelt, counts !== null),
      ],
    };
  },
  write({ cells, names, separator }, labels, labelNames) {
    const split = cells.length > 1 ? null : (separator ?? detected(names[0] ?? "", cells[0] ?? []));
    return writtenLabels({ cells, names, separator: split }, labels, labelNames);
  },
  inspect: (rows) => [...noLabels(rows), ...repeatedTexts(rows), ...fewRows(rows)],
  strata: ({ texts }) => new Int32Array(texts.length),
  strataOf: (rows, row) =>
    [...labelsOfRow(rows, row).keys()].filter((label) => (labelsOfRow(rows, row)[label] ?? 0) > 0),
  holdOut,
  lacks: (rows) => (marksCounted(rows).some((count) => count > 0) ? null : "no row with a label is left to train on"),
  expected: "Rows with labels were expected, of which a row may have several.",
  holdMore: "Add rows with other texts, or take a validation file.",
  counts: marksCounted,
  describe: (parts) => ({ what: "labels", text: countsText(parts) }),
  summarize: (train, validation): LabelCounts => ({
    trainCounts: marksCounted(train),
    validationCounts: marksCounted(validation),
    labelsPerRow: labelsPerRow(train),
  }),
};

/** A column of marks for each label. An empty cell is 0 where its column says nowhere that a row has not the label. */
function readMarks(
  cells: readonly Texts[],
  names: readonly string[],
  isEmpty: (cell: string | undefined) => boolean,
  labelNames: readonly string[] | null,
): ReturnType<TargetReader["read"]> {
  const all = labelNames ?? names;
  const columns = all.map((name) => names.indexOf(name));
  const isOnlyOnes = cells.map((column, place) => {
    return areOnlyOnes(
      [...new Set(column)].filter((cell) => !isEmpty(cell)),
      names[place] ?? "",
    );
  });
  const unread: number[] = [];
  const unreadCells = new Set<string>();
  return {
    labelNames: all,
    width: all.length,
    numbers: "floats",
    isMissing: (own) => own.some((cell, place) => isEmpty(cell) && !isOnlyOnes[place]),
    of(own, tableRow) {
      const target = columns.map((column) => {
        const cell = own[column] ?? "";
        return isEmpty(cell) && isOnlyOnes[column] ? 0 : markOf(cell, names[column] ?? "");
      });
      if (target.every((mark) => mark !== undefined)) return target;
      unread.push(tableRow);
      target.forEach((mark, place) => {
        if (mark === undefined) unreadCells.add((own[columns[place] ?? -1] ?? "").trim());
      });
      return undefined;
    },
    findings: (keptRows) => unreadFinding(unread, unreadCells, keptRows === 0),
  };
}

/** Lists of marks, one for each label in the same order in every row. */
function readVectors(width: number, labelNames: readonly string[] | null): ReturnType<TargetReader["read"]> {
  const all = labelNames ?? Array.from({ length: width }, (_, place) => `LABEL_${place}`);
  const unread: number[] = [];
  const unreadCells = new Set<string>();
  return {
    labelNames: all,
    width: all.length,
    numbers: "floats",
    of([cell = ""], tableRow) {
      const marks = marksOfList(cell);
      if (marks?.length === all.length) return marks;
      unread.push(tableRow);
      unreadCells.add(cell.trim());
      return undefined;
    },
    findings: (keptRows) => [
      ...unreadFinding(unread, unreadCells, keptRows === 0),
      ...(labelNames === null ? [vectorFinding(all)] : []),
    ],
  };
}

/** What separates the labels of a column; null where nothing does. */
function detected(name: string, cells: Texts): string | null {
  const [look] = looksOf([name], [cells]);
  return look ? taskOfLabels(look, null).delimiter : null;
}

function countsIn(
  cells: Texts,
  isKept: (row: number) => boolean,
  labelsOf: (cell: string) => string[],
): Map<string, number> {
  const counts = new Map<string, number>();
  for (let row = 0; row < cells.length; row++) {
    if (!isKept(row)) continue;
    for (const label of labelsOf(cells.at(row) ?? "")) counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  return counts;
}

function labelsPerRow({ labels, texts }: LabelledRows): number {
  let sum = 0;
  for (const mark of labels) sum += mark;
  return sum / Math.max(1, texts.length);
}
