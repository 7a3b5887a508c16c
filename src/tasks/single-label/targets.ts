import { MissingWords, missingWordsFinding } from "../../data/empty-cells.ts";
import { countLabels } from "../../data/groups.ts";
import { classesOf } from "../../data/row-labels.ts";
import type { TargetReader } from "../../data/targets.ts";
import { countsText, type ClassCounts } from "./class-counts.ts";
import { lookAlikeFinding, respeltFinding, unknownLabelsFinding } from "./label-findings.ts";
import { countNames, foundNames, givenNames } from "./label-names.ts";
import { inspectRows } from "./row-findings.ts";

/**
 * Each value of the column is a class; a target is its place among them. Labels are trimmed. Classes are those that occur,
 * sorted (numbers by value, else by code point), unless they are given: then labels that differ in spelling alone are
 * matched, and rows with other labels are left out. The same share of each class is held out.
 */
export const classTargets: TargetReader = {
  read({ cells: [cells = []], hasTexts, isEmpty, cleaning }, labelNames) {
    const counts = labelNames === null ? countNames(cells, (row) => hasTexts(row) && !isEmpty(cells.at(row))) : null;
    const names = counts === null ? givenNames(labelNames ?? []) : foundNames(counts, cleaning);
    const unknown = { rows: [] as number[], names: new Set<string>() };
    const missing = new MissingWords();
    return {
      labelNames: names.classes,
      numbers: "classes",
      of([cell = ""], tableRow) {
        const label = names.indexOf(cell.trim());
        if (label === undefined) {
          unknown.rows.push(tableRow);
          unknown.names.add(cell.trim());
        } else missing.add(cell, tableRow);
        return label;
      },
      findings(keptRows) {
        const { classes, respelt } = names;
        const others = { names: [...unknown.names], classes, rows: unknown.rows, nothingLeft: keptRows === 0 };
        const ofFound = counts && [
          ...(cleaning.mergeLabels ? [] : lookAlikeFinding(counts)),
          ...missingWordsFinding("label", missing.words, missing.rows),
        ];
        return [
          ...(unknown.rows.length > 0 ? [unknownLabelsFinding(others)] : []),
          ...(ofFound ?? []),
          ...respeltFinding(respelt, counts !== null),
        ];
      },
    };
  },
  write: (_, [label = ""]) => [label],
  inspect: inspectRows,
  strata: ({ labels }) => classesOf(labels),
  lacks: ({ labels }) => (new Set(labels).size < 2 ? "fewer than two classes are left to train on" : null),
  expected: "Rows of at least two classes were expected.",
  holdMore: "Add rows: at least one class needs two different texts, or a validation file needs rows of these classes.",
  counts: ({ labels, labelNames }) => countLabels(labels, labelNames.length),
  describe: (parts) => ({ what: "classes", text: countsText(parts) }),
  summarize(train, validation): ClassCounts {
    const { length } = train.labelNames;
    return {
      trainCounts: countLabels(train.labels, length),
      validationCounts: countLabels(validation.labels, length),
    };
  },
};
