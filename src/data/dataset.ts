import { inspectChoice, matchColumns, requireSeparateColumns } from "./choice.ts";
import { rowKey } from "./groups.ts";
import { CLASSES } from "./label-kinds.ts";
import { labelRows, takeRows } from "./label-rows.ts";
import { histogramOfLengths, joined, wordLengths } from "./lengths.ts";
import type { LabelledRows } from "./rows.ts";
import { splitRows } from "./split.ts";
import type { Cleaning, ColumnChoice, DataSummary, Finding, Task } from "./summary.ts";
import type { Table } from "./table.ts";
import type { TargetReader } from "./targets.ts";
import { withLines } from "./table-findings.ts";
import { counted } from "../recipe/wording.ts";

/** The rows of a run, and their summary for the page. */
export interface PreparedData {
  train: LabelledRows;
  /** `tableRows` count in the validation file where there is one. */
  validation: LabelledRows;
  summary: DataSummary;
}

/** How rows are split, and how their labels are read. */
interface SplitOptions {
  /** How the task reads the label column. */
  targets: TargetReader;
  /** Share of each class that is held out if there is no validation table. */
  share: number;
  seed: number;
  validationTable: Table | null;
  /** The classes of a classifier, in its order; without it, those that occur. */
  labelNames?: readonly string[];
  cleaning?: Partial<Cleaning>;
}

/**
 * Turns tables into training and validation rows: from one table by a stratified, seeded split (`share` of each class
 * held out), or from two, where texts of the validation file are removed from training.
 * The classes are those that occur, or `labelNames` where a classifier has them already.
 * What prevents training is a "blocking" finding of the summary, so that everything else can be shown.
 * Throws a `Problem` when the validation file lacks a chosen column, or one column is chosen twice.
 */
export function prepareData(table: Table, choice: ColumnChoice, split: SplitOptions): PreparedData {
  requireSeparateColumns(table, choice);
  const { targets, cleaning = {}, labelNames = null, validationTable: held } = split;
  const labelled = labelRows(targets, table, choice, labelNames, { cleaning, lines: table.lines });
  const { task, findings: ofChoice } =
    labelNames === null ? inspectChoice(table, choice) : { task: CLASSES, findings: [] };
  // Where the labels are not classes, findings on their sizes would only hide that.
  const isOther = ofChoice.some(({ id }) => id === "other-task");
  const ofLabels = labelled.findings.filter(({ id }) => !isOther || id !== "look-alike-labels");
  const ofTable = [...table.findings, ...ofChoice, ...ofLabels, ...(isOther ? [] : targets.inspect(labelled.rows))];
  const findings = withLines(ofTable, table.lines);
  if (held === null) {
    const parts = splitRows(labelled.rows, split.share, split.seed, targets.strata(labelled.rows));
    const train = takeRows(labelled.rows, parts.train);
    const validation = takeRows(labelled.rows, parts.validation);
    if (validation.texts.length === 0 && !isOther) findings.push(nothingHeldOut(targets));
    return { train, validation, summary: summarize(train, validation, labelled.droppedRows, findings, targets, task) };
  }

  const heldChoice = matchColumns(table, choice, held);
  requireSeparateColumns(held, heldChoice);
  const validation = labelRows(targets, held, heldChoice, labelled.rows.labelNames, {
    cleaning,
    lines: held.lines,
  });
  const { train, finding } = removeLeaks(labelled.rows, validation.rows, targets);
  findings.push(...inFile(held, withLines([...held.findings, ...validation.findings], held.lines)));
  if (finding !== null) findings.push(...withLines([finding], table.lines));
  if (validation.rows.texts.length === 0) findings.push(nothingHeldOut(targets));
  const dropped = labelled.droppedRows + validation.droppedRows;
  const summary = summarize(train, validation.rows, dropped, findings, targets, task);
  return { train, validation: validation.rows, summary };
}

/** Counts, lengths in words (of both parts) and findings of the rows of a run. */
function summarize(
  train: LabelledRows,
  validation: LabelledRows,
  droppedRows: number,
  findings: Finding[],
  targets: TargetReader,
  task: Task,
): DataSummary {
  const { labelNames } = train;
  const lengths = joined(wordLengths(train), wordLengths(validation));
  return {
    task,
    labelNames,
    targets: targets.summarize(train, validation),
    trainRows: train.texts.length,
    validationRows: validation.texts.length,
    droppedRows,
    lengths: histogramOfLengths(lengths, "words"),
    findings,
  };
}

/** Training rows whose text is not in the validation file too, because memorized rows must not be scored. */
function removeLeaks(
  train: LabelledRows,
  validation: LabelledRows,
  targets: TargetReader,
): { train: LabelledRows; finding: Finding | null } {
  const held = new Set<string>();
  for (let row = 0; row < validation.texts.length; row++) held.add(rowKey(validation, row));
  const kept: number[] = [];
  const leaked: number[] = [];
  for (let row = 0; row < train.texts.length; row++) (held.has(rowKey(train, row)) ? leaked : kept).push(row);
  if (leaked.length === 0) return { train, finding: null };
  const left = takeRows(train, Int32Array.from(kept));
  const lacks = targets.lacks(left);
  const finding: Finding = {
    id: "leaked-validation-rows",
    severity: lacks !== null ? "blocking" : "warning",
    text: `${counted(leaked.length, "training row stands", "training rows stand")} in the validation file too and ${leaked.length === 1 ? "is" : "are"} not trained on.`,
    remedy:
      lacks !== null
        ? `Choose a validation file with other rows: ${lacks}.`
        : "Nothing has to be done; scores would be too good otherwise.",
    tableRows: leaked.slice(0, 20).map((row) => train.tableRows[row] ?? 0),
  };
  return { train: left, finding };
}

/** Findings of the validation file, marked with its name. */
function inFile(table: Table, findings: Finding[]): Finding[] {
  return findings.map((finding) => ({ ...finding, text: `In ${table.name}: ${finding.text}` }));
}

function nothingHeldOut({ holdMore }: TargetReader): Finding {
  return {
    id: "small-class",
    severity: "blocking",
    text: "No row is left for validation.",
    remedy: holdMore,
    tableRows: [],
  };
}
