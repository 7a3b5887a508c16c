import { Button, Group, Text } from "@mantine/core";
import { FileZone } from "../drop/FileZone.tsx";
import { classifierReason } from "../earlier-blockers.ts";
import { ProblemNote } from "../ProblemNote.tsx";
import { ProgressLine } from "../ProgressLine.tsx";
import type { EarlierState } from "../state.ts";
import { useActions, useApp } from "../use-app.ts";
import { counted } from "../words.ts";
import { ClassBars } from "./ClassBars.tsx";
import { ColumnControls } from "./ColumnControls.tsx";
import { Findings } from "./Findings.tsx";
import styles from "./setup.module.css";

/** The file of the task that the model was fine-tuned on before, against forgetting it; folded while nothing wants it. */
export function EarlierControls({ locked }: { locked: boolean }) {
  const earlier = useApp((app) => app.earlier);
  const wanted = useApp(({ recipe }) => recipe.ewc > 0 || recipe.rehearsal > 0);
  const { dismissEarlierProblem } = useActions();
  const { choice, busy, problem } = earlier;
  return (
    <details className={styles.details} open={wanted || choice !== null || problem !== null}>
      <summary>Earlier task: {earlierLine(earlier)}</summary>
      <div className={styles.fields}>
        <Text size="sm" c="var(--quiet)">
          Rows of the task that the model was fine-tuned on before. Some are held out and scored during the run, which
          shows what the model forgets; the others serve weight consolidation and rehearsal, where the recipe has them.
        </Text>
        {problem && <ProblemNote problem={problem} onDismiss={dismissEarlierProblem} />}
        {busy && <ProgressLine progress={busy} />}
        {choice ? <EarlierFile earlier={earlier} locked={locked} /> : <EarlierZone locked={locked || busy !== null} />}
      </div>
    </details>
  );
}

function EarlierZone({ locked }: { locked: boolean }) {
  const reason = useApp(classifierReason);
  const { openEarlier } = useActions();
  return (
    <div>
      {reason && (
        <Text size="sm" mb="xs">
          {reason}
        </Text>
      )}
      <FileZone
        label="Earlier task’s file"
        icon="table"
        title="Drop the earlier task’s CSV"
        hint="With the labels that the model’s own classifier tells apart."
        disabled={locked || reason !== null}
        onFiles={([file]) => file && void openEarlier(file)}
      />
    </div>
  );
}

function EarlierFile({ earlier, locked }: { earlier: EarlierState; locked: boolean }) {
  const model = useApp((app) => app.model.summary);
  const { chooseEarlierColumns, closeEarlier } = useActions();
  const { choice, table, summary } = earlier;
  const names = model?.labelNames;
  return (
    <>
      <Group justify="space-between">
        <Text size="sm">
          {choice?.source.name} · {counted(table?.rowCount ?? 0, "row")}
        </Text>
        <Button
          size="compact-xs"
          variant="default"
          disabled={locked}
          aria-label="Remove the earlier task’s file"
          onClick={() => void closeEarlier()}
        >
          Remove
        </Button>
      </Group>
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
      {summary && (
        <>
          <ClassBars
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

function earlierLine({ choice, table, summary, busy }: EarlierState): string {
  if (!choice) return busy ? busy.what : "none";
  const rows = summary ? summary.trainRows + summary.validationRows : (table?.rowCount ?? 0);
  return `${choice.source.name}, ${counted(rows, "row")}`;
}
