import { SegmentedControl } from "@mantine/core";
import { useCallback, useMemo, useState } from "react";
import type { Results } from "../../../workers/protocol.ts";
import type { RowReader } from "../../run/use-row-texts.ts";
import { figureText, wholeText } from "../../figures.ts";
import { ErrorList } from "../../run/ErrorList.tsx";
import { largestErrors, type RowError } from "./largest-errors.ts";

const sides = [
  { value: "both", label: "Both" },
  { value: "above", label: "Too high" },
  { value: "below", label: "Too low" },
];

/** The validation rows by how far their predictions are off, to search and to filter. */
export function LargestErrorsTab({ session, results }: { session: RowReader; results: Results }) {
  const rows = useMemo(() => largestErrors(results), [results]);
  const [side, setSide] = useState("both");
  const isShown = useCallback(
    ({ residual }: RowError) => side === "both" || (side === "above" ? residual > 0 : residual < 0),
    [side],
  );
  const signed = (value: number) => (value > 0 ? "+" : "") + figureText(value);
  return (
    <ErrorList
      session={session}
      label="Rows by their error, largest first"
      wrong={rows}
      summary={`All ${wholeText(rows.length)} validation rows, the largest errors first`}
      columns={[
        { header: "Residual", width: "86px", cellOf: ({ residual }) => signed(residual) },
        { header: "True", width: "minmax(60px, 90px)", cellOf: ({ truth }) => figureText(truth) },
        { header: "Predicted", width: "minmax(60px, 90px)", cellOf: ({ predicted }) => figureText(predicted) },
      ]}
      csv={{
        header: ["true", "predicted", "residual"],
        cellsOf: ({ truth, predicted, residual }) => [truth, predicted, residual],
      }}
      isShown={isShown}
    >
      <SegmentedControl aria-label="Errors" data={sides} value={side} onChange={setSide} />
    </ErrorList>
  );
}
