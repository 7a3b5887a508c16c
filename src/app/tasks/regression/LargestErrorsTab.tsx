import { SegmentedControl } from "@mantine/core";
import { useCallback, useMemo } from "react";
import type { Results } from "../../../workers/protocol.ts";
import type { RowReader } from "../../run/use-row-texts.ts";
import { figureText, wholeText } from "../../figures.ts";
import { ErrorList } from "../../run/ErrorList.tsx";
import type { Selectable } from "../panels.ts";
import { rowsWord } from "../rows-word.ts";
import { largestErrors, type RowError } from "./largest-errors.ts";

const sides = [
  { value: "both", label: "Both" },
  { value: "above", label: "Too high" },
  { value: "below", label: "Too low" },
];

interface LargestErrorsProps {
  session: RowReader;
  results: Results;
  selectable: Selectable;
}

/** The validation rows by how far their predictions are off, to search and to filter. */
export function LargestErrorsTab({ session, results, selectable }: LargestErrorsProps) {
  const rows = useMemo(() => largestErrors(results), [results]);
  const { pressed, select, clear } = selectable;
  const side = pressed === "above" || pressed === "below" ? pressed : "both";
  const isShown = useCallback(
    ({ residual }: RowError) => side === "both" || (side === "above" ? residual > 0 : residual < 0),
    [side],
  );
  const choose = (chosen: string) => {
    if (chosen !== "above" && chosen !== "below") return clear();
    const own = rows.filter(({ residual }) => (chosen === "above" ? residual > 0 : residual < 0));
    const places = own.map(({ row }) => row).sort((a, b) => a - b);
    select(chosen, chosen === "above" ? "predicted too high" : "predicted too low", places);
  };
  const signed = (value: number) => (value > 0 ? "+" : "") + figureText(value);
  return (
    <ErrorList
      session={session}
      label="Rows by their error, largest first"
      wrong={rows}
      summary={`All ${wholeText(rows.length)} ${rowsWord(selectable)}, the largest errors first`}
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
      <SegmentedControl aria-label="Errors" data={sides} value={side} onChange={choose} />
    </ErrorList>
  );
}
