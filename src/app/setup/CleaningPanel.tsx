import { Button, NativeSelect, Switch } from "@mantine/core";
import { useEffect, useState } from "react";
import { fields } from "../../recipe/fields.ts";
import { counted } from "../../recipe/wording.ts";
import type { DataSummary, Progress, StepSurvey } from "../../workers/protocol.ts";
import { wholeText } from "../figures.ts";
import { ProgressLine } from "../ProgressLine.tsx";
import { useActions, useApp } from "../use-app.ts";
import { SampleRows } from "./SampleRows.tsx";
import styles from "./setup.module.css";

/** Rows of larger tables are counted when a person asks: that takes seconds. */
const COUNTED_AT_ONCE = 20_000;

interface CleaningPanelProps {
  summary: DataSummary;
  /** Whether the summary is of the rows as they are; if not, they are being selected anew. */
  isCurrent: boolean;
  locked: boolean;
}

/** What each step of cleaning does or would do to the rows, some of them before and after, and its switch. */
export function CleaningPanel(props: CleaningPanelProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details className={styles.details} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>Cleaning</summary>
      {isOpen && <Steps {...props} />}
    </details>
  );
}

/** A survey, and the selection of rows that it is of. */
interface Surveyed {
  of: DataSummary;
  steps: StepSurvey[];
}

function Steps({ summary, isCurrent, locked }: CleaningPanelProps) {
  const { surveyCleaning } = useActions();
  const copies = summary.augmented?.copies ?? 0;
  const rows = summary.trainRows - copies + summary.validationRows + summary.droppedRows;
  const [asked, setAsked] = useState(rows <= COUNTED_AT_ONCE);
  const [found, setFound] = useState<Surveyed | null>(null);
  const [progress, setProgress] = useState<Progress | null>(null);
  const [failure, setFailure] = useState("");
  useEffect(() => {
    if (!asked || !isCurrent) return;
    let isLatest = true;
    void surveyCleaning((now) => isLatest && setProgress(now))
      .then((steps) => isLatest && steps && setFound({ of: summary, steps }))
      .catch((error: unknown) => isLatest && setFailure(error instanceof Error ? error.message : String(error)))
      .finally(() => isLatest && setProgress(null));
    return () => {
      isLatest = false;
    };
  }, [summary, isCurrent, asked, surveyCleaning]);
  return (
    <div className={styles.cleaning} aria-busy={progress !== null}>
      <p className={styles.cleaningNote}>
        Each count is what the step changes or leaves out, or would if it were on, after those above it that are on.
      </p>
      {!asked && (
        <Button size="xs" variant="default" onClick={() => setAsked(true)}>
          Count in {wholeText(rows)} rows
        </Button>
      )}
      {progress && <ProgressLine progress={progress} />}
      {failure && <p role="alert">{failure}</p>}
      {found?.steps.map((step) => (
        <Step key={step.field} step={step} isCounted={isCurrent && found.of === summary} locked={locked} />
      ))}
    </div>
  );
}

function Step({ step, isCounted, locked }: { step: StepSurvey; isCounted: boolean; locked: boolean }) {
  const { field, rows, samples } = step;
  const { label } = fields[field];
  return (
    <div>
      <div className={styles.cleaningLine}>
        <StepControl field={field} locked={locked} />
        <span>{!isCounted ? "…" : rows === 0 ? "no row" : counted(rows, "row")}</span>
      </div>
      {isCounted && samples.length > 0 && (
        <SampleRows
          title={`Rows that “${label}” ${samples.some(({ after }) => after !== null) ? "changes" : "leaves out"}`}
          name={label}
          samples={samples}
        />
      )}
    </div>
  );
}

/** The step's field of the recipe. */
function StepControl({ field, locked }: { field: StepSurvey["field"]; locked: boolean }) {
  const value = useApp(({ recipe }) => recipe[field]);
  const { setRecipe } = useActions();
  const entry = fields[field];
  const set = (next: string | boolean) => void setRecipe({ [field]: next });
  if (entry.kind === "switch") {
    return (
      <Switch
        size="xs"
        label={entry.label}
        aria-label={`Clean: ${entry.label}`}
        disabled={locked}
        checked={value === true}
        onChange={({ currentTarget }) => set(currentTarget.checked)}
      />
    );
  }
  return (
    <NativeSelect
      size="xs"
      label={entry.label}
      aria-label={`Clean: ${entry.label}`}
      disabled={locked}
      value={String(value)}
      data={[...entry.choices]}
      onChange={({ currentTarget }) => set(currentTarget.value)}
    />
  );
}
