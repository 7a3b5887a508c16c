import type { LabelledRows } from "../../data/rows.ts";
import type { Finding } from "../../data/summary.ts";
import { counted, quoted } from "../../recipe/wording.ts";
import { marksCounted } from "./label-counts.ts";

/** Rows of a label below which it is hardly learned, and not measured. */
const FEW_ROWS = 8;

/** Nothing to learn: no label, or none that any row has. */
export function noLabels(rows: LabelledRows): Finding[] {
  if (marksCounted(rows).some((count) => count > 0)) return [];
  return [
    {
      id: "one-class",
      severity: "blocking",
      text: "No row has both a text and a label.",
      remedy: "Choose other label columns, or add rows that have labels.",
      tableRows: [],
    },
  ];
}

/** Labels that few rows have, or all rows. */
export function fewRows(rows: LabelledRows): Finding[] {
  if (rows.texts.length === 0) return [];
  const counts = marksCounted(rows);
  const named = (isMeant: (count: number) => boolean) =>
    rows.labelNames.filter((_, label) => isMeant(counts[label] ?? 0));
  const [few, all] = [named((count) => count < FEW_ROWS), named((count) => count === rows.texts.length)];
  return [
    ...(few.length === 0
      ? []
      : [
          {
            id: "small-class" as const,
            severity: "warning" as const,
            text: `${counted(few.length, "label is", "labels are")} on fewer than ${FEW_ROWS} rows: ${quoted(few)}.`,
            remedy:
              "Add rows with these labels, or leave the labels out: they will hardly be learned, nor well measured.",
            tableRows: [],
          },
        ]),
    ...(all.length === 0
      ? []
      : [
          {
            id: "imbalance" as const,
            severity: "note" as const,
            text: `All rows have ${counted(all.length, "label")}: ${quoted(all)}.`,
            remedy: "Such a label cannot be learned: leave it out.",
            tableRows: [],
          },
        ]),
  ];
}
