import { Button, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { taskNamed } from "../../tasks/registry.ts";
import { duration, metricText, wholeText } from "../figures.ts";
import { saveFile } from "../save-file.ts";
import { useAppStore } from "../use-app.ts";
import charts from "../run/charts.module.css";
import tables from "../run/tables.module.css";
import { longest, type KeptRun, type Values } from "./kept-run.ts";
import { endingText, timeText } from "./run-columns.ts";
import type { RunHistory } from "./run-history.ts";
import { runFile } from "./run-file.ts";
import { startFromSettings } from "./start-settings.ts";
import styles from "./history.module.css";

interface RunCardProps {
  run: KeptRun;
  history: RunHistory;
  onClose: () => void;
}

/** One run: its name and note to change, all of its scores, and what can be done with it. */
export function RunCard({ run, history, onClose }: RunCardProps) {
  const { id, isPinned, data, model, task, endedAt, ending } = run;
  const store = useAppStore();
  const [says, setSays] = useState<string[]>([]);
  const start = async () => setSays(await startFromSettings(run, store));
  const change = (patch: Parameters<RunHistory["change"]>[1]) => void history.change(id, patch);
  const rows = `${wholeText(data.trainRows)} to train, ${wholeText(data.validationRows)} to validate${data.testRows > 0 ? `, ${wholeText(data.testRows)} to test` : ""}`;
  return (
    <section className={charts.card} aria-label="Chosen run">
      <header className={charts.head}>
        <h3>{run.name}</h3>
        <span className={charts.said} />
        <Button size="compact-sm" variant="default" onClick={onClose}>
          Fold
        </Button>
      </header>
      <p className={styles.facts}>
        {[timeText(endedAt), data.name, rows, model, task, endingText(run), duration(ending.durationMs)]
          .filter(Boolean)
          .join(" · ")}
      </p>
      <div className={styles.texts}>
        <NameField name={run.name} onName={(name) => change({ name })} />
        <NoteField note={run.note} onNote={(note) => change({ note })} />
      </div>
      <div className={styles.controls}>
        <Button
          size="compact-sm"
          variant="default"
          aria-pressed={isPinned}
          onClick={() => change({ isPinned: !isPinned })}
        >
          {isPinned ? "Unpin" : "Pin to the top"}
        </Button>
        <Button size="compact-sm" variant="default" onClick={() => void start()}>
          Start from these settings
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => {
            const file = runFile(run);
            saveFile(file.name, file);
          }}
        >
          Export
        </Button>
        <Button size="compact-sm" variant="default" onClick={() => void history.remove([id])}>
          Delete
        </Button>
      </div>
      <ul role="status" className={styles.says}>
        {says.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <ScoresOfRun run={run} />
    </section>
  );
}

/** The name; what is typed counts when the field is left or Enter is pressed, and an empty one is not taken. */
function NameField({ name, onName }: { name: string; onName: (name: string) => void }) {
  const [text, setText] = useState(name);
  const take = () => {
    const next = text.trim();
    if (next !== "" && next !== name) onName(next);
    if (next === "") setText(name);
  };
  return (
    <TextInput
      label="Name"
      value={text}
      maxLength={longest.name}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={take}
      onKeyDown={(event) => event.key === "Enter" && take()}
    />
  );
}

function NoteField({ note, onNote }: { note: string; onNote: (note: string) => void }) {
  const [text, setText] = useState(note);
  return (
    <Textarea
      label="Note"
      value={text}
      maxLength={longest.note}
      autosize
      minRows={1}
      maxRows={6}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={() => text !== note && onNote(text)}
    />
  );
}

/** Every score that is kept: on validation rows by each of the run's weights, and on test rows that were opened. */
function ScoresOfRun({ run }: { run: KeptRun }) {
  const { folds, best, last, baseline, tests } = run;
  const columns: { title: string; values: Values }[] = [
    ...(folds ? [{ title: `Mean of ${folds.complete} folds`, values: folds.mean }] : []),
    ...(folds ? [{ title: "Deviation", values: folds.deviation }] : []),
    ...(best ? [{ title: `Best, step ${wholeText(best.step)}`, values: best.values }] : []),
    ...(last ? [{ title: `Last, step ${wholeText(last.step)}`, values: last.values }] : []),
    ...(baseline ? [{ title: `Baseline, ${wholeText(baseline.rows)} rows`, values: baseline.values }] : []),
    ...tests.map(({ weights, rows, uses, values }) => {
      return { title: `Test set, ${weights}, ${wholeText(rows)} rows, use ${uses}`, values };
    }),
  ];
  return (
    <div className={tables.scroller} tabIndex={0} role="region" aria-label="Scores of the chosen run">
      <table className={tables.plain}>
        <thead>
          <tr>
            <th scope="col">Metric</th>
            {columns.map(({ title }) => (
              <th scope="col" key={title}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {taskNamed(run.task).metrics.map((metric) => (
            <tr key={metric.key}>
              <th scope="row">{metric.label}</th>
              {columns.map(({ title, values }) => (
                <td key={title}>{metricText(metric, values[metric.key] ?? NaN)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
