import { Problem } from "../problem/problem.ts";
import { prepareData, type PreparedData } from "./dataset.ts";
import type { ColumnChoice, DataSummary } from "./summary.ts";
import type { Table } from "./table.ts";
import type { TargetReader } from "./targets.ts";

/** How rows of an earlier task are cut in two, as `prepareData` has it. */
interface EarlierSplit {
  /** How the task reads the label column. */
  targets: TargetReader;
  share: number;
  seed: number;
  validationTable: Table | null;
  /** The classes of the checkpoint's own classifier, in its order. */
  labelNames: readonly string[];
}

/**
 * The rows of the task that a checkpoint's own classifier was trained for: those that may be used against forgetting,
 * and those on which it is measured. Rows of other classes are left out; every finding names the table.
 * Throws a `Problem` when the validation table lacks a chosen column.
 */
export function prepareEarlier(table: Table, columns: ColumnChoice, split: EarlierSplit): PreparedData {
  const { train, validation, summary } = prepareData(table, columns, split);
  const findings = summary.findings.map((finding) => ({ ...finding, text: `In ${table.name}: ${finding.text}` }));
  return { train, validation, summary: { ...summary, findings } };
}

/** Throws a `Problem` where the rows cannot serve: mostly as they have none of the classifier's classes. */
export function refuseUnusable({ findings, labelNames }: DataSummary): void {
  const blocking = findings.find(({ severity }) => severity === "blocking");
  if (!blocking) return;
  throw new Problem({
    found: blocking.text,
    expected: `Rows of the checkpoint's own classes were expected: ${labelNames.slice(0, 20).join(", ")}.`,
    remedy: blocking.remedy,
  });
}
