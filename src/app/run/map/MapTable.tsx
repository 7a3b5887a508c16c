import { Modal } from "@mantine/core";
import type { RowMap } from "../../../insight/map/row-map.ts";
import type { RowText } from "../../../workers/protocol.ts";
import { figureText, wholeText } from "../../figures.ts";
import { joinedText } from "../use-row-texts.ts";
import { VirtualTable } from "../VirtualTable.tsx";
import { rowAnswers } from "./MapRow.tsx";

interface MapTableProps {
  title: string;
  map: RowMap;
  layout: Float32Array;
  /** Texts of the rows of the map, in their order. */
  texts: readonly RowText[];
  onClose: () => void;
}

/** The rows of a map as a table. */
export function MapTable({ title, map, layout, texts, onClose }: MapTableProps) {
  const cellsOf = (row: number) => {
    const { label, predicted } = rowAnswers(map, row);
    const text = texts[row];
    return [
      text ? wholeText(text.line) : "–",
      figureText(layout[2 * row] ?? NaN),
      figureText(layout[2 * row + 1] ?? NaN),
      label,
      predicted,
      figureText(map.losses[row] ?? NaN),
      joinedText(text),
    ];
  };
  return (
    <Modal opened onClose={onClose} title={`${title}: the rows`} size="xl" closeButtonProps={{ "aria-label": "Close" }}>
      <VirtualTable
        label={`${title}: the rows`}
        header={["Line", "x", "y", "Label", "Predicted", "Loss", "Text"]}
        rowCount={map.places.length}
        cellsOf={cellsOf}
        columns="56px 72px 72px minmax(70px, 1fr) minmax(70px, 1fr) 72px minmax(160px, 3fr)"
        height={460}
        stacks
      />
    </Modal>
  );
}
