import { useMemo } from "react";
import type { DataSummary } from "../../../workers/protocol.ts";
import { ClassControls, useClassList } from "../../classes/ClassControls.tsx";
import { classOrder, type ClassOrder } from "../../classes/class-list.ts";
import { VirtualTable } from "../../run/VirtualTable.tsx";
import { wholeText } from "../../figures.ts";
import type { RowUses } from "../panels.ts";
import { classTotals } from "./class-totals.ts";
import { ClassBar } from "./ClassBar.tsx";

interface ManyClassBarsProps {
  summary: DataSummary;
  title: string;
  uses: RowUses;
}

const height = 300;

/** Rows of each of many classes, the most frequent first, to search and to order; only those in view are laid out. */
export default function ManyClassBars({ summary, title, uses }: ManyClassBarsProps) {
  const { labelNames } = summary;
  const totals = useMemo(() => classTotals(summary), [summary]);
  const orders = useMemo((): ClassOrder[] => {
    const rows = (index: number) => totals[index] ?? 0;
    return [
      { label: "Most rows first", keyOf: (index) => -rows(index) },
      { label: "Fewest rows first", keyOf: rows },
      classOrder,
    ];
  }, [totals]);
  const list = useClassList(labelNames, orders);
  const largest = totals.reduce((most, rows) => Math.max(most, rows), 1);
  return (
    <>
      <ClassControls list={list} />
      <VirtualTable
        key={list.order}
        label={title}
        header={["Class", "Share", "Rows"]}
        columns="minmax(60px, 2fr) minmax(60px, 3fr) 56px"
        rowCount={list.shown.length}
        height={height}
        cellsOf={(row) => {
          const index = list.shown[row] ?? 0;
          return [
            labelNames[index],
            <ClassBar key="bar" summary={summary} index={index} largest={largest} uses={uses} />,
            wholeText(totals[index] ?? 0),
          ];
        }}
      />
    </>
  );
}
