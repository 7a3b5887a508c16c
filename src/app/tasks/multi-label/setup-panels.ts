import { counted } from "../../../recipe/wording.ts";
import type { LabelCounts } from "../../../tasks/multi-label/label-counts.ts";
import type { SetupPanels } from "../panels.ts";
import { ClassBars } from "../single-label/ClassBars.tsx";

/** Bars of the labels; "28 labels, 1.2 per row". */
export const multiLabelSetup: SetupPanels = {
  Rows: ClassBars,
  rowsText({ labelNames, targets }) {
    const { labelsPerRow } = targets as LabelCounts;
    return `${counted(labelNames.length, "label")}, ${labelsPerRow.toFixed(1)} per row`;
  },
  supports: () => [],
};
