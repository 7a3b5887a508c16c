import type { NumberSummary } from "../../../tasks/regression/number-summary.ts";
import { valueText } from "../../../tasks/regression/value-text.ts";
import type { SetupPanels } from "../panels.ts";
import { ValueBars } from "./ValueBars.tsx";

/** Bars of the numbers; "numbers 0 to 5, mean 3.2". */
export const regressionSetup: SetupPanels = {
  Rows: ValueBars,
  rowsText({ targets }) {
    const { least, most, mean } = targets as NumberSummary;
    return `numbers ${valueText(least)} to ${valueText(most)}, mean ${valueText(Number(mean.toPrecision(3)))}`;
  },
  heldOf: "low, middle and high numbers",
  supports: () => [],
};
