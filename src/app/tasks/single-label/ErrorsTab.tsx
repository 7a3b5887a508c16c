import { useCallback, useMemo } from "react";
import type { Results } from "../../../workers/protocol.ts";
import type { RowReader } from "../../run/use-row-texts.ts";
import { columnText, percentText, wholeText } from "../../figures.ts";
import { ErrorList } from "../../run/ErrorList.tsx";
import type { Selectable } from "../panels.ts";
import { rowsWord } from "../rows-word.ts";
import { pairOf } from "../classes/pair-key.ts";
import { selectCell } from "./confusion-cells.ts";
import { ClassSelect } from "../classes/ClassSelect.tsx";
import { matchesFilter, wrongByClass, wrongRows, type WrongRow } from "./wrong-rows.ts";

interface ErrorsTabProps {
  session: RowReader;
  results: Results;
  selectable: Selectable;
}

/** The misclassified validation rows, the most confident first, to search and to filter. */
export function ErrorsTab({ session, results, selectable }: ErrorsTabProps) {
  const { labelNames } = results;
  const wrong = useMemo(() => wrongRows(results), [results]);
  const confidenceText = useMemo(
    () =>
      columnText(
        wrong.map(({ confidence }) => confidence),
        percentText,
        1,
      ),
    [wrong],
  );
  const [truth, predicted] = pairOf(selectable.pressed);
  const counts = useMemo(
    () => ({ truth: wrongByClass(wrong, "truth"), predicted: wrongByClass(wrong, "predicted") }),
    [wrong],
  );
  const isShown = useCallback((row: WrongRow) => matchesFilter(row, { truth, predicted }), [truth, predicted]);
  const name = (index: number) => labelNames[index] ?? `class ${index}`;
  const rows = results.truth.labels.length;
  return (
    <ErrorList
      session={session}
      label="Misclassified rows, most confident first"
      wrong={wrong}
      summary={`${wholeText(wrong.length)} of ${wholeText(rows)} ${rowsWord(selectable)} are misclassified`}
      columns={[
        { header: "Confidence", width: "86px", cellOf: ({ confidence }) => confidenceText(confidence) },
        { header: "True", width: "minmax(70px, 130px)", cellOf: ({ truth }) => name(truth) },
        { header: "Predicted", width: "minmax(70px, 130px)", cellOf: ({ predicted }) => name(predicted) },
      ]}
      csv={{
        header: ["true", "predicted", "probability of predicted", "probability of true"],
        cellsOf: (row) => [name(row.truth), name(row.predicted), row.confidence, row.truthProbability],
      }}
      isShown={isShown}
    >
      <ClassSelect
        label="True class"
        counts={counts.truth}
        labelNames={labelNames}
        value={truth}
        onChange={(chosen) => selectCell(selectable, [chosen, predicted])}
      />
      <ClassSelect
        label="Predicted class"
        counts={counts.predicted}
        labelNames={labelNames}
        value={predicted}
        onChange={(chosen) => selectCell(selectable, [truth, chosen])}
      />
    </ErrorList>
  );
}
