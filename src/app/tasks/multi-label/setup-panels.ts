import { counted } from "../../../recipe/wording.ts";
import type { LabelCounts } from "../../../tasks/multi-label/label-counts.ts";
import { listEntries } from "../../../tasks/list-entries.ts";
import type { SetupPanels } from "../panels.ts";
import { LabelBars } from "./LabelBars.tsx";
import { LabelColumns } from "./LabelColumns.tsx";

/** Bars of the labels; "28 labels, 1.2 per row". */
export const multiLabelSetup: SetupPanels = {
  Columns: LabelColumns,
  Rows: LabelBars,
  rowsText({ labelNames, targets }) {
    const { labelsPerRow } = targets as LabelCounts;
    return `${counted(labelNames.length, "label")}, ${labelsPerRow.toFixed(1)} per row`;
  },
  labels: "several",
  heldOf: "each label",
  readable: ({ text, label }) => ({ text, label: listEntries(label)?.join(", ") ?? label }),
  supports: () => [],
};
