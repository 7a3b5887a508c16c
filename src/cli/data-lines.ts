import { chosenTask } from "../data/column-task.ts";
import { CLASSES } from "../data/label-kinds.ts";
import { looksOf } from "../data/column-look.ts";
import type { ColumnChoice, Finding, Task } from "../data/summary.ts";
import type { Table } from "../data/table.ts";
import { counted, percent, quoted } from "../recipe/wording.ts";

const SHOWN_CLASSES = 20;

/** Prints how a file was read on standard error: format, columns and classes, one line each. */
export function showTable(table: Table, choice: ColumnChoice, classes: ReadonlyMap<string, number> | null): void {
  for (const line of tableLines(table, choice, classes)) console.error(line);
}

function tableLines(table: Table, choice: ColumnChoice, classes: ReadonlyMap<string, number> | null): string[] {
  const name = (column: number) => `"${table.columns[column] ?? ""}"`;
  const others = table.columns.filter((_, column) => ![choice.text, choice.pair, choice.label].includes(column));
  const roles = [
    `text ${name(choice.text)}`,
    ...(choice.pair === null ? [] : [`second text ${name(choice.pair)}`]),
    `label ${name(choice.label)}`,
    ...(others.length > 0 ? [`not read: ${quoted(others, 8)}`] : []),
  ];
  return [
    `${table.name}: ${counted(table.rowCount, "row")}, ${formatText(table)}`,
    `  columns: ${roles.join(", ")}`,
    ...(classes ? [`  classes (${taskOf(table, choice)}): ${classesText(classes)}`] : []),
  ];
}

/** A finding as one line, with the lines of the file that show it. */
export function findingLine({ severity, text, remedy, lines = [] }: Finding): string {
  const shown = lines.slice(0, 5);
  const where =
    shown.length === 0 ? "" : ` (line ${shown.join(", ")}${lines.length > shown.length ? " and others" : ""})`;
  return `${severity}: ${text}${where}${remedy === "" ? "" : ` ${remedy}`}`;
}

/** The task of a chosen label column. */
function taskOf({ columns, cells }: Table, choice: ColumnChoice): Task {
  const looks = looksOf(columns, cells);
  const label = looks[choice.label];
  return label === undefined ? CLASSES : chosenTask(choice, label, looks[choice.text] ?? null).task;
}

function formatText({ format, encodingConfidence }: Table): string {
  const { encoding, delimiter, quote, header, skippedLines, sheet, kind } = format;
  const character = (one: string) => (one === "\t" ? "tab" : `“${one}”`);
  return [
    kind === "delimited" ? null : kind,
    `${encoding}${encodingConfidence < 1 ? ` (${percent(encodingConfidence)} sure)` : ""}`,
    delimiter === null ? null : `delimiter ${character(delimiter)}`,
    quote === null ? null : quote === "" ? "no quotes" : `quote ${character(quote)}`,
    header ? "with header" : "without header",
    skippedLines === 0 ? null : `${counted(skippedLines, "line")} above the table skipped`,
    sheet === null ? null : `from "${sheet}"`,
  ]
    .filter((part) => part !== null)
    .join(", ");
}

function classesText(classes: ReadonlyMap<string, number>): string {
  const shown = [...classes].slice(0, SHOWN_CLASSES).map(([name, rows]) => `${name} ${rows}`);
  const more = classes.size > SHOWN_CLASSES ? ` and ${(classes.size - SHOWN_CLASSES).toLocaleString("en")} more` : "";
  return shown.join(", ") + more;
}
