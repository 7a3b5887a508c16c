import { matchColumns, requireSeparateColumns } from "./choice.ts";
import { holdOutRows } from "./hold-out.ts";
import { labelRows, takeRows } from "./label-rows.ts";
import { removeLeaks } from "./file-leaks.ts";
import { leakedGroups } from "./row-groups.ts";
import type { LabelledRows } from "./rows.ts";
import type { Cleaning, ColumnChoice, Finding } from "./summary.ts";
import type { Table } from "./table.ts";
import { inFile, withLines } from "./table-findings.ts";
import type { TargetReader } from "./targets.ts";

/** Other seeds train on other rows, but never on these: the test rows of a table are the same for all. */
const TEST_SEED = 0x7e57;

/** Where test rows come from. */
interface TestSource {
  /** The table of the rows, and its columns. */
  table: Table;
  choice: ColumnChoice;
  targets: TargetReader;
  cleaning: Partial<Cleaning>;
  /** What the recipe does to texts; null for nothing. */
  clean: ((text: string) => string) | null;
  /** Whether near duplicates of test rows are left out of the rest, as equal texts are. */
  areNear: boolean;
  /** Share of the rows; 0 for none. */
  share: number;
  /** Another table, which then has all test rows. */
  held: Table | null;
}

/** The rows to test on, null where none are wanted, and what is left of the others. */
interface Apart {
  test: LabelledRows | null;
  rest: LabelledRows;
  findings: Finding[];
  droppedRows: number;
}

/**
 * Sets rows apart to test on: those of a second table, whose texts are removed from the rest, or a share, held out as
 * validation rows are: stratified, by groups or by time, equal texts on one side.
 */
export function setApart(rows: LabelledRows, source: TestSource): Apart {
  const { table, targets, cleaning, clean, areNear, share, held } = source;
  if (held) {
    const choice = matchColumns(table, source.choice, held);
    requireSeparateColumns(held, choice);
    const own = labelRows(targets, held, choice, rows.labelNames, { cleaning, lines: held.lines, clean });
    const { rows: rest, findings } = removeLeaks(rows, own.rows, targets, { of: "test", areNear });
    const ofFile = inFile(held, withLines([...held.findings, ...own.findings], held.lines));
    const ofTable = withLines([...findings, ...leakedGroups(rest, own.rows)], table.lines);
    const none = own.rows.texts.length === 0 ? [noTestRows(`${held.name} has no row to test on.`)] : [];
    return { test: own.rows, rest, findings: [...ofFile, ...ofTable, ...none], droppedRows: own.droppedRows };
  }
  if (share === 0) return { test: null, rest: rows, findings: [], droppedRows: 0 };
  const parts = holdOutRows(targets, rows, share, TEST_SEED);
  // What else there is to know of the columns is found again where validation rows are held out.
  const copies = withLines(
    parts.findings.filter(({ id }) => id === "left-out-copies"),
    table.lines,
  );
  const test = takeRows(rows, parts.validation);
  const none = test.texts.length === 0 ? [noTestRows("No row is left to test on.")] : [];
  return { test, rest: takeRows(rows, parts.train), findings: [...copies, ...none], droppedRows: 0 };
}

/** The share of the rest that is the validation rows' share of all rows. */
export function restShare(share: number, { share: tested, held }: Pick<TestSource, "share" | "held">): number {
  return held ? share : Math.min(0.9, share / (1 - tested));
}

function noTestRows(text: string): Finding {
  return {
    id: "no-test-rows",
    severity: "blocking",
    text,
    remedy: "Give rows with a text and a label of those that are learned, or test on none.",
    tableRows: [],
  };
}
