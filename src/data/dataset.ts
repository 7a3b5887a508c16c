import { inspectChoice, matchColumns, requireSeparateColumns } from "./choice.ts";
import { rowKey } from "./groups.ts";
import { CLASSES } from "./label-kinds.ts";
import { labelRows, takeRows } from "./label-rows.ts";
import { histogramOfLengths, joined, wordLengths } from "./lengths.ts";
import type { LabelledRows } from "./rows.ts";
import { partsOf, splitRows } from "./split.ts";
import type { Cleaning, ColumnChoice, DataSummary, Finding } from "./summary.ts";
import type { Table } from "./table.ts";
import type { ReaderOf, TargetReader } from "./targets.ts";
import { withLines } from "./table-findings.ts";
import { counted } from "../recipe/wording.ts";

/** The rows of a run, and their summary for the page. */
export interface PreparedData {
  train: LabelledRows;
  /** `tableRows` count in the validation file where there is one. */
  validation: LabelledRows;
  /** The columns, with what was detected of how their labels are written. */
  choice: ColumnChoice;
  summary: DataSummary;
}

/** How rows are split, and how their labels are read. */
interface SplitOptions {
  /** How each task reads its label columns; null for one that cannot be trained. */
  readerOf: ReaderOf;
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
  const { readerOf, cleaning = {}, labelNames = null, validationTable: held } = split;
  const seen = labelNames === null ? inspectChoice(table, choice, (one) => readerOf(one) !== null) : classesGiven;
  // Where the task cannot be trained, the rows are shown as classes, and findings on these would only hide that.
  const isOther = readerOf(seen.task) === null;
  const targets = readerOf(isOther ? CLASSES : seen.task);
  if (targets === null) throw new Error("No task reads classes.");
  const own: ColumnChoice = {
    ...choice,
    ...(seen.separator !== null && { separator: seen.separator }),
    ...(seen.thousands !== undefined && { thousands: seen.thousands }),
  };
  const labelled = labelRows(targets, table, own, labelNames, { cleaning, lines: table.lines });
  const ofLabels = labelled.findings.filter(({ id }) => !isOther || id !== "look-alike-labels");
  const ofTable = [
    ...table.findings,
    ...seen.findings,
    ...ofLabels,
    ...(isOther ? [] : targets.inspect(labelled.rows)),
  ];
  const findings = withLines(ofTable, table.lines);
  if (held === null) {
    const parts = splitBy(targets, labelled.rows, split);
    const train = takeRows(labelled.rows, parts.train);
    const validation = takeRows(labelled.rows, parts.validation);
    if (validation.texts.length === 0 && !isOther) findings.push(nothingHeldOut(targets));
    return {
      train,
      validation,
      choice: own,
      summary: summarize(train, validation, labelled.droppedRows, findings, targets, seen),
    };
  }

  const heldChoice = matchColumns(table, own, held);
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
  const summary = summarize(train, validation.rows, dropped, findings, targets, seen);
  return { train, validation: validation.rows, choice: own, summary };
}

/** Splits rows as their task wants it. */
function splitBy(targets: TargetReader, rows: LabelledRows, { share, seed }: SplitOptions) {
  const held = targets.holdOut?.(rows, share, seed);
  return held ? partsOf(held) : splitRows(rows, share, seed, targets.strata(rows));
}

/** What rows of a classifier are that there is already. */
const classesGiven: ReturnType<typeof inspectChoice> = { task: CLASSES, reason: "", separator: null, findings: [] };

/** Counts, lengths in words (of both parts) and findings of the rows of a run. */
function summarize(
  train: LabelledRows,
  validation: LabelledRows,
  droppedRows: number,
  findings: Finding[],
  targets: TargetReader,
  { task, reason }: Pick<typeof classesGiven, "task" | "reason">,
): DataSummary {
  const { labelNames } = train;
  const lengths = joined(wordLengths(train), wordLengths(validation));
  return {
    task,
    taskReason: reason,
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
