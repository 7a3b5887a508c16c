import { Button, Group } from "@mantine/core";
import type { Blocker } from "../blockers.ts";
import { KeepControls } from "../keep/KeepControls.tsx";
import { FirstReason, ReasonList } from "../ReasonList.tsx";
import { ProblemNote } from "../ProblemNote.tsx";
import { ProgressLine } from "../ProgressLine.tsx";
import { useActions, useApp } from "../use-app.ts";
import { usePageAction } from "../page-actions.ts";
import type { PreviewLine } from "./plan-preview.ts";
import styles from "./panel.module.css";

interface BeforeStartProps {
  lines: PreviewLine[];
  blockers: Blocker[];
  warnings: Blocker[];
  /** Where it will run, e.g. "WebGPU · Apple M2"; "" while unknown. */
  place: string;
  onStart: () => void;
}

/** What will happen in the run, what still keeps it from starting, and the Start button. */
export function BeforeStart({ lines, blockers, warnings, place, onStart }: BeforeStartProps) {
  const shown = place ? [...lines, { name: "Runs on", value: place }] : lines;
  const start = usePageAction("start");
  return (
    <section className={styles.before} aria-label="Before the start">
      <h2>What will happen</h2>
      {lines.length === 0 && <p>Open data and a model to see the number of steps.</p>}
      <dl className={styles.preview}>
        {shown.map(({ name, value }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <EstimateRow blocked={blockers.length > 0} />
      <KeepControls />
      <div className={styles.start}>
        <FirstReason reasons={blockers} />
        <Button size="lg" fullWidth disabled={!start.enabled} onClick={onStart} aria-describedby="start-blockers">
          {start.label}
        </Button>
      </div>
      <ReasonList id="start-blockers" reasons={blockers} />
      <ReasonList id="start-warnings" reasons={warnings} warns />
      <p className={styles.quiet}>
        {place.startsWith("Web")
          ? "An estimate counts GPU memory; the best weights are kept in main memory. Browsers do not report GPU memory:"
          : "An estimate counts main memory:"}{" "}
        the limit is the recipe’s, under “Optimizer and memory”. You can pause and stop at any moment: the trained
        weights stay.
      </p>
    </section>
  );
}

/** The button that estimates memory and time, and its progress. */
function EstimateRow({ blocked }: { blocked: boolean }) {
  const { progress, problem } = useApp((app) => app.estimate);
  const { estimateRun, stopEstimate, dismissEstimate } = useActions();
  if (progress) {
    return (
      <Group gap="xs" wrap="nowrap" align="end" mb="md">
        <div style={{ flex: 1 }}>
          <ProgressLine progress={progress} />
        </div>
        <Button size="compact-xs" variant="default" onClick={() => void stopEstimate()}>
          Stop
        </Button>
      </Group>
    );
  }
  return (
    <div style={{ marginBottom: 16 }}>
      <Button
        size="compact-sm"
        variant="default"
        disabled={blocked}
        title={
          blocked
            ? "First correct what keeps a run from starting."
            : "Predicts memory and times a few steps on a copy of the model."
        }
        onClick={() => void estimateRun()}
      >
        Estimate memory and time
      </Button>
      {problem && <ProblemNote problem={problem} onDismiss={dismissEstimate} />}
    </div>
  );
}
