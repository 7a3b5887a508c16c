import { Anchor } from "@mantine/core";
import { useEffect } from "react";
import { regionAt } from "../../../insight/data-map.ts";
import type { DataMap } from "../../../insight/data-map-lines.ts";
import type { RowText } from "../../../workers/protocol.ts";
import type { Session } from "../../../workers/session.ts";
import { scoreText, wholeText } from "../../figures.ts";
import { useIssueTexts } from "../../folds/use-issue-texts.ts";
import { useActions } from "../../use-app.ts";
import { joinedText } from "../use-row-texts.ts";
import { VirtualTable } from "../VirtualTable.tsx";

interface DataMapListProps {
  session: Session;
  map: DataMap;
  /** Places of the rows among the training rows, in the order in which they are listed. */
  rows: Int32Array;
}

/** Rows of a data map as a table; each leads to its place in the tab of all rows. */
export function DataMapList({ session, map, rows }: DataMapListProps) {
  const { at, want } = useIssueTexts(session, rows, "train");
  const { openRow } = useActions();
  const cellsOf = (place: number) => {
    const row = rows[place] ?? 0;
    const text = at(place);
    return [
      <RowLink key="row" text={text} place={place} want={want} onOpen={openRow} />,
      regionAt(map, row),
      map.labels[row] ?? "",
      scoreText(map.confidence[row] ?? NaN),
      scoreText(map.variability[row] ?? NaN),
      scoreText(map.correctness[row] ?? NaN, 2),
      text ? joinedText(text) : "…",
    ];
  };
  return (
    <VirtualTable
      label="Rows of the data map"
      header={["Row", "Region", "Label", "Confidence", "Variability", "Correct", "Text"]}
      rowCount={rows.length}
      cellsOf={cellsOf}
      columns="58px 84px minmax(60px, 110px) 82px 82px 62px minmax(200px, 1fr)"
      height={320}
      stacks
    />
  );
}

interface RowLinkProps {
  text: RowText | undefined;
  place: number;
  want: (start: number, end: number) => void;
  onOpen: (row: number) => void;
}

/** The row of the table, which opens there; its text is asked for once it is in view. */
function RowLink({ text, place, want, onOpen }: RowLinkProps) {
  useEffect(() => want(place, place + 1), [want, place]);
  if (!text) return "…";
  const { tableRow } = text;
  return (
    <Anchor
      component="button"
      type="button"
      size="sm"
      ta="start"
      aria-label={`Open row ${wholeText(tableRow)} in the table`}
      onClick={() => onOpen(tableRow)}
    >
      {wholeText(tableRow)}
    </Anchor>
  );
}
