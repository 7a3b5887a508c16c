import { chosenTask } from "../data/column-task.ts";
import { CLASSES } from "../data/label-kinds.ts";
import { looksOf } from "../data/column-look.ts";
import { labelColumns, splitColumns, type ColumnChoice, type Finding, type Task } from "../data/summary.ts";
import type { Table } from "../data/table.ts";
import type { TargetReader } from "../data/targets.ts";
import { counted, percent, quoted } from "../recipe/wording.ts";

type TargetWords = ReturnType<TargetReader["describe"]>;

/** Prints how a file was read on standard error: format, columns and targets, one line each. */
export function showTable(table: Table, choice: ColumnChoice, targets: TargetWords): void {
  for (const line of tableLines(table, choice, targets)) console.error(line);
}

function tableLines(table: Table, choice: ColumnChoice, { what, text }: TargetWords): string[] {
  const name = (column: number) => `"${table.columns[column] ?? ""}"`;
  const labels = labelColumns(choice);
  const others = table.columns.filter(
    (_, column) => ![choice.text, choice.pair, ...labels, ...splitColumns(choice)].includes(column),
  );
  const roles = [
    `text ${name(choice.text)}`,
    ...(choice.pair === null ? [] : [`second text ${name(choice.pair)}`]),
    `${labels.length > 1 ? "labels" : "label"} ${labels.map(name).join(", ")}`,
    ...(typeof choice.group === "number" ? [`groups ${name(choice.group)}`] : []),
    ...(typeof choice.time === "number" ? [`times ${name(choice.time)}`] : []),
    ...(others.length > 0 ? [`not read: ${quoted(others, 8)}`] : []),
  ];
  return [
    `${table.name}: ${counted(table.rowCount, "row")}, ${formatText(table)}`,
    `  columns: ${roles.join(", ")}`,
    `  ${what} (${taskOf(table, choice)}): ${text}`,
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
