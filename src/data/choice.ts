import { Problem } from "../problem/problem.ts";
import { type ColumnLook, looksOf, numberOf } from "./column-look.ts";
import { nameWords } from "./column-name.ts";
import { chosenTask, type LabelTask } from "./column-task.ts";
import { unusedTexts } from "./columns.ts";
import { CLASSES } from "./label-kinds.ts";
import type { ColumnChoice, Finding, Task } from "./summary.ts";
import type { Table } from "./table.ts";
import { quoted } from "../recipe/wording.ts";

/** Throws a `Problem` if one column has two roles. */
export function requireSeparateColumns(
  { columns, name: file }: Pick<Table, "columns" | "name">,
  choice: ColumnChoice,
): void {
  const roles = [
    ["text", choice.text],
    ["second text", choice.pair],
    ["label", choice.label],
  ] as const;
  for (const [first, column] of roles) {
    const second = roles.find(([role, other]) => role !== first && other === column)?.[0];
    if (column === null || second === undefined) continue;
    const others = columns.filter((_, place) => !roles.some(([, taken]) => taken === place));
    throw new Problem({
      found: `The column "${columns[column] ?? ""}" of ${file} is chosen as ${first} and as ${second}.`,
      expected: "A column can have one role only.",
      remedy:
        others.length > 0
          ? `Choose another column for one of them: ${quoted(others, 8)}.`
          : "Choose another column for one of them, or another file: this one has no other column.",
    });
  }
}

/** The chosen columns in a second table: by name, by the same place among columns of one name, or by place where there are no names. */
export function matchColumns(table: Table, choice: ColumnChoice, held: Table): ColumnChoice {
  const find = (column: number): number => {
    const name = table.columns[column] ?? "";
    const place = placeOfName(name, column, table.columns, held.columns);
    if (place >= 0) return place;
    const unnamed = !table.format.header || !held.format.header;
    if (unnamed && column < held.columns.length) return column;
    throw new Problem({
      found: `${held.name} has no column "${name}"; its columns are ${quoted(held.columns, 8)}.`,
      expected: `A validation file with the same columns as ${table.name} was expected.`,
      remedy: "Rename the column in the validation file, or choose another file.",
    });
  };
  const pair = choice.pair === null ? null : find(choice.pair);
  return { ...choice, text: find(choice.text), pair, label: find(choice.label) };
}

function placeOfName(name: string, column: number, columns: readonly string[], held: readonly string[]): number {
  // With two columns of one name, the first of them belongs to the first, the second to the second.
  const nth = columns.slice(0, column).filter((other) => other === name).length;
  const places = held.flatMap((other, place) => (other === name ? [place] : []));
  const exact = places[nth] ?? (nth === 0 ? undefined : places[0]);
  if (exact !== undefined) return exact;
  const alike = held.flatMap((other, place) =>
    nameWords(other).join(" ") === nameWords(name).join(" ") ? [place] : [],
  );
  return alike.length === 1 ? (alike[0] ?? -1) : -1;
}

/** The task of the chosen columns, and what is to be known of them: labels of a task that cannot be trained, and texts that are not read. */
export function inspectChoice(
  { columns, cells }: Pick<Table, "columns" | "cells">,
  choice: ColumnChoice,
): { task: Task; findings: Finding[] } {
  const looks = looksOf(columns, cells);
  const label = looks[choice.label];
  if (label === undefined) return { task: CLASSES, findings: [] };
  const found = chosenTask(choice, label, looks[choice.text] ?? null);
  return { task: found.task, findings: [...otherTask(found, label, choice), ...unusedText(looks, choice)] };
}

/** Says of labels that are no single classes what they are; the label column then stands in the way of training. */
function otherTask(found: LabelTask, label: ColumnLook, choice: ColumnChoice): Finding[] {
  if (found.task === CLASSES) return [];
  const what = {
    "multi-label":
      found.task === "multi-label" && found.delimiter !== null
        ? `has several labels in one cell, with "${found.delimiter}" between them: a multi-label task.`
        : "has a list of labels in each cell: a multi-label task.",
    regression: `has ${label.distinct.toLocaleString("en")} different numbers${rangeOf(label)}: a regression target rather than classes.`,
    "token-classification": "has a tag for each token: a token classification task.",
  }[found.task];
  const kind = {
    "multi-label": "Multi-label",
    regression: "Regression",
    "token-classification": "Token classification",
  };
  return [
    {
      id: "other-task",
      severity: "blocking",
      text: `The column "${label.name}" ${what}`,
      remedy: `${kind[found.task]} cannot be trained yet: choose a label column with one class for each text, or treat each value as a class.`,
      tableRows: [],
      fix: { label: "Treat each value as a class", change: { columns: { ...choice, task: CLASSES } } },
    },
  ];
}

function rangeOf({ values }: ColumnLook): string {
  let [least, most] = [Infinity, -Infinity];
  for (const value of values.keys()) {
    const number = numberOf(value);
    if (number !== null) [least, most] = [Math.min(least, number), Math.max(most, number)];
  }
  return least <= most ? ` from ${least} to ${most}` : "";
}

function unusedText(looks: readonly ColumnLook[], choice: ColumnChoice): Finding[] {
  const [first, ...others] = unusedTexts(looks, choice);
  if (first === undefined) return [];
  const names = quoted(
    [first, ...others].map(({ name }) => name),
    3,
  );
  const isPair = choice.pair !== null;
  // A column of texts as long as those that are read may well be the second half of each row.
  const text = looks[choice.text];
  const isAlike = text !== undefined && first.meanWords > text.meanWords / 3 && first.meanWords < 3 * text.meanWords;
  return [
    {
      id: "unused-text",
      severity: isAlike && !isPair ? "warning" : "note",
      text: `${others.length === 0 ? `The column ${names} holds` : `The columns ${names} hold`} texts too and ${others.length === 0 ? "is" : "are"} not read.`,
      remedy: isPair ? "" : "Choose it as second text if both belong together.",
      tableRows: [],
      ...(!isPair && {
        fix: { label: `Read "${first.name}" as second text`, change: { columns: { ...choice, pair: first.column } } },
      }),
    },
  ];
}
