import { counted, percent } from "../../../recipe/wording.ts";
import type { SetupPanels } from "../panels.ts";
import { ClassBars } from "../classes/ClassBars.tsx";
import { classCounts } from "../../../tasks/single-label/class-counts.ts";
import { classTotals } from "../classes/class-totals.ts";

const classesInLine = 3;

/** Bars of the classes; "ham 87 %, spam 13 %", or of many their number. */
export const singleLabelSetup: SetupPanels = {
  Rows: ClassBars,
  rowsText(summary) {
    const { labelNames } = summary;
    if (labelNames.length > classesInLine) return counted(labelNames.length, "class", "classes");
    const totals = classTotals(summary);
    const all = totals.reduce((sum, rows) => sum + rows, 0);
    return labelNames.map((name, i) => `${name} ${percent((totals[i] ?? 0) / all)}`).join(", ");
  },
  labels: "one",
  heldOf: "each class",
  supports: ({ targets }) => classCounts(targets)?.trainCounts ?? [],
};
