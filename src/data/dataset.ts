import {
  augmentedCopies,
  augmentedFinding,
  augmentedSummary,
  type Copies,
  movedByAugmentation,
  withCopies,
} from "./augmentation/augmented-rows.ts";
import { cleanedRows, movedWords } from "./cleaning/cleaned-rows.ts";
import { nearGroups } from "./cleaning/near-duplicates.ts";
import { textCleaner } from "./cleaning/clean-text.ts";
import type { AugmentationSteps } from "../recipe/augmentation-steps.ts";
import { cleaningSteps, type CleaningSteps } from "../recipe/cleaning-steps.ts";
import { inspectChoice, matchColumns, requireSeparateColumns } from "./choice.ts";
import { CLASSES } from "./label-kinds.ts";
import { labelRows, takeRows } from "./label-rows.ts";
import { histogramOfLengths, joined, wordLengths } from "./lengths.ts";
import type { LabelledRows, UnlabelledRows } from "./rows.ts";
import { holdOutRows } from "./hold-out.ts";
import { leakedGroups } from "./row-groups.ts";
import type { Cleaning, ColumnChoice, DataSummary, Finding } from "./summary.ts";
import type { Table } from "./table.ts";
import type { ReaderOf, TargetReader } from "./targets.ts";
import { leakFindings, leaksBetween, type Leaks } from "./leaks.ts";
import { leaksOf, removeLeaks } from "./file-leaks.ts";
import { inFile, withLines } from "./table-findings.ts";
import { restShare, setApart } from "./test-part.ts";
import { fields } from "../recipe/fields.ts";
import { defaultRecipe } from "../recipe/recipe.ts";

/** The rows of a run, and their summary for the page. */
export interface PreparedData {
  /** The rows of the table before they are split, for folds. */
  all: LabelledRows;
  /** Without copies. */
  train: LabelledRows;
  /** Changed copies of the training rows, which are trained on too; null where the recipe makes none. */
  copies: Copies | null;
  /** `tableRows` count in the validation file where there is one. */
  validation: LabelledRows;
  /** Rows without a label, of the table that is trained on. */
  unlabelled: UnlabelledRows;
  /** Rows set apart to test on, neither trained nor validated on; null where none are. `tableRows` count in their file. */
  test: LabelledRows | null;
  /** The columns, with what was detected of how their labels are written. */
  choice: ColumnChoice;
  summary: DataSummary;
  /** Near duplicates across the split, where they were looked for. */
  leaks: Leaks | null;
}

/** How rows are split, and how their labels are read. */
interface SplitOptions {
  /** How each task reads its label columns; null for one that cannot be trained. */
  readerOf: ReaderOf;
  /** Share of each class that is held out if there is no validation table. */
  share: number;
  seed: number;
  validationTable: Table | null;
  /** Share of the rows that is set apart to test on, before all else, if there is no test table. */
  testShare?: number;
  testTable?: Table | null;
  /** The classes of a classifier, in its order; without it, those that occur. */
  labelNames?: readonly string[];
  cleaning?: Partial<Cleaning>;
  /** What the recipe does to texts and rows; nothing where not given. */
  steps?: CleaningSteps;
  /** How training rows are augmented once they are split; not at all where not given. */
  augmentation?: AugmentationSteps;
  /** Whether near duplicates across the split are looked for, which takes seconds for 100,000 rows. */
  findsLeaks?: boolean;
}

/**
 * Turns tables into training and validation rows: from one table by a stratified, seeded split (`share` of each class
 * held out, whole groups where there is a group column, the latest rows where there is a time column), or from two, where texts of the validation file are removed from training. Before either, rows to test on are set apart, from a table of their own or as a share.
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
  const { steps = cleaningSteps(defaultRecipe) } = split;
  const moved = targets.asksWords ? movedWords(steps) : null;
  const augmentation = split.augmentation ?? null;
  const movedCopies = targets.asksWords && augmentation ? movedByAugmentation(augmentation) : null;
  const copiesOf = (train: LabelledRows, validation: LabelledRows, test: LabelledRows | null) => {
    if (!augmentation || targets.asksWords) return null;
    return augmentedCopies(train, augmentation, { seed: split.seed, held: test ? [validation, test] : [validation] });
  };
  const clean = targets.asksWords ? null : textCleaner(steps);
  const read = labelRows(targets, table, own, labelNames, { cleaning, lines: table.lines, clean });
  const cleaned = cleanedRows(read.rows, steps);
  const labelled = {
    rows: cleaned.rows,
    unlabelled: read.unlabelled,
    droppedRows: read.droppedRows + read.rows.texts.length - cleaned.rows.texts.length,
    findings: [...(moved ? [moved] : []), ...(movedCopies ? [movedCopies] : []), ...read.findings, ...cleaned.findings],
  };
  const ofLabels = labelled.findings.filter(({ id }) => !isOther || id !== "look-alike-labels");
  const ofTable = [
    ...table.findings,
    ...seen.findings,
    ...ofLabels,
    ...(isOther ? [] : targets.inspect(labelled.rows)),
  ];
  const findings = withLines(ofTable, table.lines);
  const options = { cleaning, clean, areNear: steps.nearTogether };
  const source = { share: split.testShare ?? 0, held: split.testTable ?? null };
  const apart = { table, choice: own, targets, ...options, ...source };
  if (held === null) {
    const all = steps.nearTogether ? { ...labelled.rows, together: nearGroups(labelled.rows) } : labelled.rows;
    const { test, rest, ...more } = setApart(all, apart);
    findings.push(...more.findings);
    const parts = holdOutRows(targets, rest, test ? restShare(split.share, source) : split.share, split.seed);
    const train = takeRows(rest, parts.train);
    const validation = takeRows(rest, parts.validation);
    findings.push(...withLines(parts.findings, table.lines));
    const leaks = split.findsLeaks ? leaksOf(train, validation) : null;
    if (leaks) findings.push(...leakFindings(leaks, ["near"], keepTogether));
    if (validation.texts.length === 0 && !isOther && parts.findings.length === 0)
      findings.push(nothingHeldOut(targets));
    const droppedRows = labelled.droppedRows + more.droppedRows;
    const copies = copiesOf(train, validation, test);
    return {
      all: rest,
      train,
      copies,
      validation,
      test,
      unlabelled: labelled.unlabelled,
      choice: own,
      leaks,
      summary: {
        ...summarize(
          { train, copies, validation, test },
          { droppedRows, unlabelled: labelled.unlabelled },
          findings,
          targets,
          seen,
        ),
        ...heldOutBy(table, own),
      },
    };
  }

  const heldChoice = matchColumns(table, own, held);
  requireSeparateColumns(held, heldChoice);
  const ofFile = labelRows(targets, held, heldChoice, labelled.rows.labelNames, { cleaning, lines: held.lines, clean });
  const left = removeLeaks(labelled.rows, ofFile.rows, targets, { of: "validation", areNear: steps.nearTogether });
  const { test, rest: train, ...more } = setApart(left.rows, apart);
  // Rows that were drawn are none of the validation file's; those of a test file may be.
  const { rows: validation, findings: inTest } = test
    ? removeLeaks(ofFile.rows, test, targets, { of: "test", areNear: steps.nearTogether })
    : { rows: ofFile.rows, findings: [] };
  const leaks = split.findsLeaks ? leaksOf(train, validation) : null;
  if (leaks) findings.push(...leakFindings(leaks, ["near"], keepTogether));
  findings.push(...inFile(held, withLines([...held.findings, ...ofFile.findings, ...inTest], held.lines)));
  findings.push(...withLines(left.findings, table.lines), ...more.findings);
  findings.push(...withLines(leakedGroups(train, validation), table.lines));
  if (validation.texts.length === 0) findings.push(nothingHeldOut(targets));
  const { unlabelled } = labelled;
  const droppedRows = labelled.droppedRows + ofFile.droppedRows + more.droppedRows;
  const parts = { train, copies: copiesOf(train, validation, test), validation, test };
  const summary = summarize(parts, { droppedRows, unlabelled }, findings, targets, seen);
  return { all: train, ...parts, unlabelled, choice: own, leaks, summary };
}

function heldOutBy({ columns }: Table, { group, time }: ColumnChoice): Pick<DataSummary, "heldOutBy"> {
  const name = (column: number) => columns[column] ?? "";
  const by = {
    ...(typeof group === "number" && { group: name(group) }),
    ...(typeof time === "number" && { time: name(time) }),
  };
  return Object.keys(by).length > 0 ? { heldOutBy: by } : {};
}

/** What rows of a classifier are that there is already. */
const classesGiven: ReturnType<typeof inspectChoice> = { task: CLASSES, reason: "", separator: null, findings: [] };

/** Counts, lengths in words (of the rows to train and to validate on) and findings of the rows of a run. */
function summarize(
  { train: rows, copies, validation, test }: Pick<PreparedData, "train" | "copies" | "validation" | "test">,
  { droppedRows, unlabelled }: Pick<ReturnType<typeof labelRows>, "droppedRows" | "unlabelled">,
  findings: Finding[],
  targets: TargetReader,
  { task, reason }: Pick<typeof classesGiven, "task" | "reason">,
): DataSummary {
  const train = withCopies(rows, copies);
  const augmented = copies && augmentedSummary(rows, copies);
  if (augmented) findings.push(augmentedFinding(augmented));
  const { labelNames } = train;
  const lengths = joined(wordLengths(train), wordLengths(validation));
  return {
    task,
    taskReason: reason,
    labelNames,
    targets: targets.summarize(train, validation),
    trainRows: train.texts.length,
    validationRows: validation.texts.length,
    ...(test && { testRows: test.texts.length }),
    droppedRows,
    unlabelledRows: unlabelled.tableRows.length,
    lengths: histogramOfLengths(lengths, "words"),
    findings,
    ...(augmented && { augmented }),
  };
}

/** What to do about near duplicates across the split. */
const keepTogether = `Turn on “${fields.nearTogether.label}” (nearTogether) to keep them on one side.`;

/** Leaks between all parts of the rows of a run, and what is to be said of those into a test file. */
export function leaksIntoTest({ train, validation }: PreparedData, test: LabelledRows) {
  const leaks = leaksBetween([
    { name: "train", rows: train },
    { name: "validation", rows: validation },
    { name: "test", rows: test },
  ]);
  const own = { ...leaks, pairs: leaks.pairs.filter(({ second }) => second.part === "test") };
  const remedy = "Leave these rows out of the training file, or of the test file, before its scores are reported.";
  return { leaks, findings: [...leakFindings(own, ["exact"], remedy), ...leakFindings(own, ["near"], remedy)] };
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
