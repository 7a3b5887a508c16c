import { Button, Group, SegmentedControl, Text } from "@mantine/core";
import { FileZone } from "../drop/FileZone.tsx";
import { useTakeOne } from "../drop/use-take-files.ts";
import { classifierReason } from "../earlier-blockers.ts";
import { ProblemNote } from "../ProblemNote.tsx";
import { ProgressLine } from "../ProgressLine.tsx";
import type { EarlierState } from "../state.ts";
import { useActions, useApp } from "../use-app.ts";
import { counted } from "../words.ts";
import { EarlierRows } from "./EarlierRows.tsx";
import { EarlierTexts } from "./EarlierTexts.tsx";
import styles from "./setup.module.css";

/** The file of what the model learned before, against forgetting it; folded while nothing wants it. */
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
          Rows of the task that the model was fine-tuned on before, or plain texts of the kind it was pretrained on.
          Some are held out and scored during the run, which shows what the model forgets; the others serve weight
          consolidation and (rows alone) rehearsal, where the recipe has them.
        </Text>
        {problem && <ProblemNote problem={problem} onDismiss={dismissEarlierProblem} />}
        {busy && <ProgressLine progress={busy} />}
        {choice ? <EarlierFile earlier={earlier} locked={locked || busy !== null} /> : <EarlierZone locked={locked} />}
      </div>
    </details>
  );
}

function EarlierZone({ locked }: { locked: boolean }) {
  const reason = useApp(classifierReason);
  const takeEarlier = useTakeOne("openEarlier");
  return (
    <div>
      {reason && (
        <Text size="sm" mb="xs">
          {reason} Plain texts do for any model.
        </Text>
      )}
      <FileZone
        label="Earlier task’s file"
        icon="table"
        title="Drop the earlier task’s table or text file"
        hint="A table with the labels that the model’s own classifier tells apart, or plain texts, one per line."
        disabled={locked}
        onFiles={takeEarlier}
      />
    </div>
  );
}

function EarlierFile({ earlier, locked }: { earlier: EarlierState; locked: boolean }) {
  const { readEarlierAs, closeEarlier } = useActions();
  const { choice, table, texts } = earlier;
  const amount = texts ? counted(texts.lines, "text") : counted(table?.rowCount ?? 0, "row");
  return (
    <>
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm" className={styles.fileFacts ?? ""}>
          {choice?.source.name} · {amount}
        </Text>
        <Button
          size="compact-xs"
          variant="default"
          flex="none"
          disabled={locked}
          aria-label="Remove the earlier task’s file"
          onClick={() => void closeEarlier()}
        >
          Remove
        </Button>
      </Group>
      <SegmentedControl
        size="xs"
        fullWidth
        aria-label="The earlier task’s file holds"
        disabled={locked}
        value={choice?.kind ?? "rows"}
        onChange={(value) => void readEarlierAs(value === "texts" ? "texts" : "rows")}
        data={[
          { value: "rows", label: "Rows with labels" },
          { value: "texts", label: "Plain texts" },
        ]}
      />
      {texts ? <EarlierTexts file={texts} split={earlier.split} /> : <EarlierRows earlier={earlier} locked={locked} />}
    </>
  );
}

function earlierLine({ choice, table, summary, texts, busy }: EarlierState): string {
  if (!choice) return busy ? busy.what : "none";
  if (texts) return `${choice.source.name}, ${counted(texts.lines, "text")}`;
  const rows = summary ? summary.trainRows + summary.validationRows : (table?.rowCount ?? 0);
  return `${choice.source.name}, ${counted(rows, "row")}`;
}
