import { Checkbox, NumberInput } from "@mantine/core";
import { useEffect } from "react";
import { bytes as bytesText } from "../figures.ts";
import { ProblemNote } from "../ProblemNote.tsx";
import type { App } from "../store.ts";
import { useActions, useApp } from "../use-app.ts";
import styles from "./keep.module.css";

/** Minutes between saves. */
const MOST_MINUTES = 120;

/** Whether the next run is kept in the browser, and what that means; asked before Start, so that nothing stays unasked. */
export function KeepControls() {
  const { isOn, minutes, reason, room } = useApp((app) => app.keep);
  const hasTable = useApp(({ data }) => data.table !== null);
  const isFolds = useApp(({ folds }) => folds.isOn);
  const bytes = useApp(copiedBytes);
  const { keepRuns, checkKeeping } = useActions();
  // The worker that can tell runs once a table is open.
  useEffect(() => {
    if (hasTable) void checkKeeping();
  }, [hasTable, checkKeeping]);
  if (reason !== null) {
    return <p className={styles.quiet}>This browser cannot keep the run, because {reason}: closing the tab ends it.</p>;
  }
  if (isFolds) return <p className={styles.quiet}>A cross-validation is not kept: closing the tab ends it.</p>;
  return (
    <div className={styles.controls}>
      <Checkbox
        size="sm"
        checked={isOn}
        onChange={({ currentTarget }) => keepRuns({ isOn: currentTarget.checked })}
        label="Keep the run in this browser while it trains"
        description={`After a closed tab, a crash or a lost GPU it goes on from its last save. Rows and model are copied${bytes > 0 ? ` (${bytesText(bytes)})` : ""}, on this machine alone; all of it is removed when the run ends.${room === null ? "" : ` This browser has room for ${bytesText(room)}.`}`}
      />
      {isOn && (
        <NumberInput
          size="xs"
          className={styles.minutes}
          label="Minutes between saves"
          min={0.05}
          max={MOST_MINUTES}
          hideControls
          value={minutes}
          onChange={(value) => {
            if (typeof value === "number" && value > 0 && value <= MOST_MINUTES) keepRuns({ minutes: value });
          }}
        />
      )}
    </div>
  );
}

/** Bytes of the files that are copied with a run. */
function copiedBytes({ data, earlier, model, textFile }: App): number {
  const sources = [data.train, data.validation, data.test, earlier.choice?.source ?? null];
  const files = sources.flatMap((source) => (source ? [source.file, ...source.beside] : []));
  const all = [...files, ...(model.source?.files ?? []), ...(textFile.file ? [textFile.file] : [])];
  return all.reduce((sum, { size }) => sum + size, 0);
}

/** When the run was saved last, or why it could not be. */
export function SavedLine() {
  const { saved, problem } = useApp((app) => app.keep);
  const { dismissKeepProblem } = useActions();
  if (problem) return <ProblemNote problem={problem} onDismiss={dismissKeepProblem} />;
  if (!saved) return null;
  const time = new Date(saved.savedAt).toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit" });
  return (
    <p className={styles.quiet}>
      Saved after step {saved.step}, {time}.
    </p>
  );
}
