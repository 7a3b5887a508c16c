import { useCallback, useMemo } from "react";
import type { Results } from "../../../workers/protocol.ts";
import type { RowReader } from "../../run/use-row-texts.ts";
import { figureText, wholeText } from "../../figures.ts";
import { ErrorList } from "../../run/ErrorList.tsx";
import { pairOf } from "../classes/pair-key.ts";
import type { Selectable } from "../panels.ts";
import { rowsWord } from "../rows-word.ts";
import { selectWrong } from "./label-cells.ts";
import { ClassSelect } from "../classes/ClassSelect.tsx";
import { wrongByLabel, wrongLabels, type WrongLabels } from "./wrong-labels.ts";

interface WrongLabelsProps {
  session: RowReader;
  results: Results;
  selectable: Selectable;
}

/** The validation rows with wrong labels, those of the highest loss first, to search and to filter. */
export function WrongLabelsTab({ session, results, selectable }: WrongLabelsProps) {
  const { labelNames, report } = results;
  const wrong = useMemo(() => wrongLabels(results), [results]);
  const counts = useMemo(
    () => ({ missed: wrongByLabel(wrong, "missed"), added: wrongByLabel(wrong, "added") }),
    [wrong],
  );
  const [missed, added] = pairOf(selectable.pressed);
  const isShown = useCallback(
    (row: WrongLabels) =>
      (missed === null || row.missed.includes(missed)) && (added === null || row.added.includes(added)),
    [missed, added],
  );
  const named = (labels: readonly number[]) => labels.map((k) => labelNames[k] ?? `label ${k}`).join(", ");
  return (
    <ErrorList
      session={session}
      label="Rows with wrong labels, highest loss first"
      wrong={wrong}
      summary={`${wholeText(wrong.length)} of ${wholeText(report.rows)} ${rowsWord(selectable)} have a wrong label`}
      columns={[
        { header: "Loss", width: "70px", cellOf: ({ loss }) => figureText(loss) },
        { header: "Missed", width: "minmax(80px, 150px)", cellOf: (row) => named(row.missed) || "–" },
        { header: "Wrongly predicted", width: "minmax(80px, 150px)", cellOf: (row) => named(row.added) || "–" },
      ]}
      csv={{
        header: ["missed labels", "wrongly predicted labels", "loss"],
        cellsOf: (row) => [named(row.missed), named(row.added), row.loss],
      }}
      isShown={isShown}
    >
      <ClassSelect
        label="Missed label"
        counts={counts.missed}
        labelNames={labelNames}
        value={missed}
        onChange={(chosen) => selectWrong(selectable, [chosen, added])}
      />
      <ClassSelect
        label="Wrongly predicted label"
        counts={counts.added}
        labelNames={labelNames}
        value={added}
        onChange={(chosen) => selectWrong(selectable, [missed, chosen])}
      />
    </ErrorList>
  );
}
