import { Button, Group, SegmentedControl, Text } from "@mantine/core";
import { textTask } from "../../tasks/registry.ts";
import type { TextFileSummary, TextsSummary } from "../../workers/protocol.ts";
import { FileZone } from "../drop/FileZone.tsx";
import { useTakeOne } from "../drop/use-take-files.ts";
import { classifierReason } from "../earlier-blockers.ts";
import { Icon } from "../Icon.tsx";
import { ProblemNote } from "../ProblemNote.tsx";
import { ProgressLine } from "../ProgressLine.tsx";
import type { EarlierState } from "../state.ts";
import { setupPanelsOf } from "../tasks/setup-panels.ts";
import { useActions, useApp } from "../use-app.ts";
import { counted } from "../../recipe/wording.ts";
import { wholeText } from "../figures.ts";
import { ColumnControls } from "./ColumnControls.tsx";
import { FirstLines } from "./FilePreview.tsx";
import { Findings } from "./Findings.tsx";
import styles from "./setup.module.css";

/** The file of the earlier task, against forgetting it; folded while the recipe does not need it. */
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
          Some are held out and scored during the run, which shows what the model forgets; the others are for weight
          consolidation and (rows only) rehearsal, if the recipe uses them.
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
          {reason} Plain texts work with any model.
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

/** Labelled rows of the earlier task: their columns, and the number of rows per class. */
function EarlierRows({ earlier, locked }: { earlier: EarlierState; locked: boolean }) {
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
          {names.length > 20 ? ` and ${names.length - 20} more` : ""}. Only rows with these labels are used.
        </Text>
      )}
    </>
  );
}

/** Plain texts as the earlier task: their split, and a warning where the model has no head to predict their words. */
function EarlierTexts({ file, split }: { file: TextFileSummary; split: TextsSummary | null }) {
  const head = useApp((app) => app.model.summary?.languageHead);
  return (
    <>
      <FirstLines lines={file.preview} />
      {split && (
        <Text size="sm">
          {wholeText(split.trainRows)} different texts against forgetting, {wholeText(split.validationRows)} to score:
          {textTask.targets}.
        </Text>
      )}
      {head === "new" && (
        <div className={styles.finding}>
          <span className={styles.warning}>
            <Icon name="warning" size={16} />
          </span>
          <p>
            The checkpoint has no {textTask.head}, so a new one is used: its loss is near that of guessing, and measures
            and protects little. Continued pretraining on such texts in the same run trains the head first.
          </p>
        </div>
      )}
    </>
  );
}
