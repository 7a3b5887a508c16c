import type { DataSummary } from "../../workers/protocol.ts";
import type { SetupPanels } from "./panels.ts";
import { multiLabelSetup } from "./multi-label/setup-panels.ts";
import { regressionSetup } from "./regression/setup-panels.ts";
import { singleLabelSetup } from "./single-label/setup-panels.ts";
import { tokenClassificationSetup } from "./token-classification/setup-panels.ts";

const panels: Readonly<Record<string, SetupPanels>> = {
  "single-label": singleLabelSetup,
  "multi-label": multiLabelSetup,
  regression: regressionSetup,
  "token-classification": tokenClassificationSetup,
};

/** The panels for rows of a task; null for one that is detected and cannot be trained. */
export function setupPanelsOf({ task }: Pick<DataSummary, "task">): SetupPanels | null {
  return panels[task] ?? null;
}

/** Training rows of each of the names that are predicted; empty before rows are chosen, and where numbers are predicted. */
export function supportsOf(summary: DataSummary | null): number[] {
  return (summary && setupPanelsOf(summary)?.supports(summary)) ?? [];
}
