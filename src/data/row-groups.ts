import type { Texts } from "../io/text-column.ts";
import { counted, quoted } from "../recipe/wording.ts";
import type { LabelledRows, RowGroups } from "./rows.ts";
import type { Finding } from "./summary.ts";

/** The groups of some rows of a table: cells that are equal but for spaces around them are one group. */
export function groupsOf(cells: Texts, rows: Int32Array): RowGroups {
  const places = new Map<string, number>();
  const names: string[] = [];
  const of = rows.map((row) => {
    const name = (cells.at(row) ?? "").trim();
    const known = name === "" ? undefined : places.get(name);
    if (known !== undefined) return known;
    if (name !== "") places.set(name, names.length);
    return names.push(name) - 1;
  });
  return { of, names };
}

/** The groups that stand in two files, as a finding: their rows are much alike, and scores come out too good. */
export function leakedGroups(train: LabelledRows, validation: LabelledRows): Finding[] {
  if (!train.groups || !validation.groups) return [];
  const held = new Set(Array.from(validation.groups.of, (group) => validation.groups?.names[group] ?? ""));
  const leaked = new Set<string>();
  const tableRows: number[] = [];
  train.groups.of.forEach((group, row) => {
    const name = train.groups?.names[group] ?? "";
    if (name === "" || !held.has(name)) return;
    leaked.add(name);
    tableRows.push(train.tableRows[row] ?? 0);
  });
  if (leaked.size === 0) return [];
  const names = quoted([...leaked], 8);
  return [
    {
      id: "leaked-groups",
      severity: "warning",
      text: `${leaked.size === 1 ? `The group ${names} stands` : `${leaked.size} groups (${names}) stand`} in both files, with ${counted(tableRows.length, "training row")}: a leaked group.`,
      remedy: "Scores come out too good. Leave these groups out of one of the files, or split one file by the column.",
      tableRows: tableRows.slice(0, 20),
    },
  ];
}
