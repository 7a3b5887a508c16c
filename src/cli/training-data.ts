import { type PreparedData, prepareData } from "../data/dataset.ts";
import { countLabels } from "../data/groups.ts";
import type { ColumnChoice } from "../data/summary.ts";
import type { Table } from "../data/table.ts";
import { Problem } from "../problem/problem.ts";
import { chooseColumns, type ColumnNames } from "./columns.ts";
import { findingLine, showTable } from "./data-lines.ts";
import { required } from "./options.ts";
import { cleaningOf, openIfGiven, openTableOf, type OptionValues } from "./table-options.ts";
import { defaultTask } from "../tasks/registry.ts";

/** The rows that a command trains with, and the tables and columns that they are from. */
interface TrainingData {
  table: Table;
  validationTable: Table | null;
  choice: ColumnChoice;
  data: PreparedData;
}

/**
 * Opens `--data` and `--valid` and prepares their rows. What was taken and all findings go to standard error; throws a
 * Problem for files, columns and rows that cannot be trained.
 */
export async function trainingData(
  values: OptionValues & ColumnNames & { data?: string | undefined; valid?: string | undefined },
  split: { share: number; seed: number },
): Promise<TrainingData> {
  const table = await openTableOf(required(values.data, "--data"), values);
  const validationTable = await openIfGiven(values.valid, values, "valid-");
  const choice = chooseColumns(table, values);
  const data = prepareData(table, choice, { ...split, validationTable, cleaning: cleaningOf(values) });
  const { labelNames, trainCounts, validationCounts, findings } = data.summary;
  const all = labelNames.map(
    (_, label) => (trainCounts[label] ?? 0) + (validationTable ? 0 : (validationCounts[label] ?? 0)),
  );
  showTable(table, choice, named(labelNames, all));
  if (validationTable) {
    const { labels } = data.validation;
    console.error(
      `${validationTable.name}: ${labels.length} rows to validate on: ${[
        ...named(labelNames, countLabels(labels, labelNames.length)),
      ]
        .slice(0, 20)
        .map(([name, rows]) => `${name} ${rows}`)
        .join(", ")}`,
    );
  }
  const blocking = findings.find(({ severity }) => severity === "blocking");
  for (const finding of findings) if (finding !== blocking) console.error(findingLine(finding));
  if (blocking) {
    const { text, remedy, id } = blocking;
    const expected =
      id === "other-task" ? "One class for each text was expected." : "Rows of at least two classes were expected.";
    throw new Problem({
      found: text,
      expected,
      remedy: id === "other-task" ? `${remedy} Name it with --label COL, or pass --task ${defaultTask.name}.` : remedy,
    });
  }
  return { table, validationTable, choice, data };
}

function named(names: readonly string[], counts: readonly number[]): Map<string, number> {
  return new Map(names.map((name, label) => [name, counts[label] ?? 0]));
}
