import { counted } from "../../recipe/wording.ts";
import { takeRows } from "../label-rows.ts";
import type { LabelledRows } from "../rows.ts";
import type { Finding } from "../summary.ts";
import { dropRows, type Dropped } from "./drop-rows.ts";
import { rowFields, textFieldsOn, type CleaningSteps, type RowField } from "../../recipe/cleaning-steps.ts";

const SHOWN_ROWS = 20;

/** The rows that the steps of a recipe leave, and a note on each step that leaves some out. */
export function cleanedRows(rows: LabelledRows, steps: CleaningSteps): { rows: LabelledRows; findings: Finding[] } {
  if (rowFields.every((field) => steps[field] === false || steps[field] === "keep")) return { rows, findings: [] };
  const { kept, dropped } = dropRows(rows, steps);
  const findings = dropped.filter((step) => step.rows.length > 0).map((step) => droppedFinding(rows, step));
  return { rows: takeRows(rows, kept), findings };
}

const reasons: Record<RowField, [one: string, many: string]> = {
  dropWordless: ["row has no word", "rows have no word"],
  contradictions: ["row has a text with another label elsewhere", "rows have a text with another label elsewhere"],
  dropDuplicates: ["row repeats an earlier one", "rows repeat earlier ones"],
  dropNearDuplicates: ["row is a near duplicate of an earlier one", "rows are near duplicates of earlier ones"],
};

function droppedFinding(rows: LabelledRows, { field, rows: dropped }: Dropped): Finding {
  return {
    id: "cleaned-rows",
    severity: "note",
    text: `${counted(dropped.length, ...reasons[field])} and ${dropped.length === 1 ? "is" : "are"} left out, as the recipe says (${field}).`,
    remedy: "",
    tableRows: dropped.slice(0, SHOWN_ROWS).map(({ row }) => rows.tableRows[row] ?? 0),
  };
}

/** The finding where steps would change texts in which words have places; null where none does. */
export function movedWords(steps: CleaningSteps): Finding | null {
  const on = textFieldsOn(steps);
  if (on.length === 0) return null;
  return {
    id: "cleaning-moves-words",
    severity: "blocking",
    text: `The recipe changes texts (${on.join(", ")}), and the words of these rows are labelled by their places in them.`,
    remedy: "Turn these steps off, or clean the file before it is labelled.",
    tableRows: [],
  };
}
