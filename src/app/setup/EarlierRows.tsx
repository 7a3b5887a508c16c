import { Text } from "@mantine/core";
import type { EarlierState } from "../state.ts";
import { useActions, useApp } from "../use-app.ts";
import { setupPanelsOf } from "../tasks/setup-panels.ts";
import { ColumnControls } from "./ColumnControls.tsx";
import { Findings } from "./Findings.tsx";

/** Labelled rows of the earlier task: their columns, and how many there are of each class. */
export function EarlierRows({ earlier, locked }: { earlier: EarlierState; locked: boolean }) {
  const model = useApp((app) => app.model.summary);
  const { chooseEarlierColumns } = useActions();
  const { choice, table, summary } = earlier;
  const { Rows } = (summary && setupPanelsOf(summary)) ?? {};
  const names = model?.labelNames;
  return (
    <>
      {table && (
        <div role="group" aria-label="Columns of the earlier task’s file">
          <ColumnControls
            table={table}
            columns={choice?.columns ?? null}
            locked={locked}
            onChoose={(columns) => void chooseEarlierColumns(columns)}
          />
        </div>
      )}
      {!model && <Text size="sm">Its labels are checked once the model is open.</Text>}
      {summary && Rows && (
        <>
          <Rows
            summary={summary}
            title="Earlier rows per class"
            uses={{ train: "against forgetting", held: "to score" }}
          />
          <Findings findings={summary.findings} title="Findings in the earlier rows" />
        </>
      )}
      {names && (
        <Text size="xs" c="var(--quiet)">
          The model’s own classes: {names.slice(0, 20).join(", ")}
          {names.length > 20 ? ` and ${names.length - 20} more` : ""}. Only rows of these are taken.
        </Text>
      )}
    </>
  );
}
