import { useMemo, useState } from "react";
import { TextInput } from "@mantine/core";
import type { Report } from "../../../metrics/report.ts";
import { foundClasses } from "../../classes/class-list.ts";
import type { Selectable } from "../panels.ts";
import { ConfusionCell } from "./ConfusionCell.tsx";
import { confusions } from "./confusion-view.ts";
import { percentText, wholeText } from "../../figures.ts";
import { VirtualTable } from "../../run/VirtualTable.tsx";
import styles from "../../classes/classes.module.css";

interface ConfusedPairsProps {
  report: Report;
  labelNames: readonly string[];
  selectable?: Selectable | undefined;
}

/**
 * Which classes were taken for which, the most rows first, to search by the name of either: a matrix of thousands of
 * classes helps nobody.
 */
export function ConfusedPairs({ report, labelNames, selectable }: ConfusedPairsProps) {
  const [search, setSearch] = useState("");
  const pairs = useMemo(() => confusions(report), [report]);
  const shown = useMemo(() => {
    if (search.trim() === "") return pairs;
    const every = labelNames.map((_, index) => index);
    const found = new Set(foundClasses(every, labelNames, search));
    return pairs.filter(({ truth, predicted }) => found.has(truth) || found.has(predicted));
  }, [pairs, labelNames, search]);
  const name = (index: number) => labelNames[index] ?? `class ${index}`;
  if (pairs.length === 0) return <p>No class was taken for another.</p>;
  return (
    <>
      <div className={styles.controls}>
        <TextInput
          size="xs"
          type="search"
          label="Search confused classes"
          placeholder="Part of a name"
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
        <p role="status">
          {search.trim() === ""
            ? `All ${wholeText(pairs.length)} pairs of classes`
            : `${wholeText(shown.length)} of ${wholeText(pairs.length)} pairs`}
        </p>
      </div>
      <VirtualTable
        label="Classes taken for another"
        header={["True class", "Predicted", "Rows", "Of the true class"]}
        columns="minmax(0, 2fr) minmax(0, 2fr) 80px 110px"
        rowCount={shown.length}
        height={Math.min(420, 34 + 30 * pairs.length)}
        cellsOf={(row) => {
          const pair = shown[row];
          if (!pair) return [];
          const { truth, predicted, rows, share } = pair;
          const cell = (
            <ConfusionCell cell={[truth, predicted]} rows={rows} selectable={selectable}>
              {wholeText(rows)}
            </ConfusionCell>
          );
          return [name(truth), name(predicted), cell, percentText(share)];
        }}
      />
    </>
  );
}
