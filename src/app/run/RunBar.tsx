import { Button, Progress } from "@mantine/core";
import type { Blocker } from "../blockers.ts";
import { FirstReason } from "../FirstReason.tsx";
import type { PageActionName } from "../page-actions.ts";
import { ReasonList } from "../ReasonList.tsx";
import { isActive, type RunState } from "../state.ts";
import { usePageAction } from "../use-page-action.ts";
import { useTimeLeft } from "../use-time-left.ts";
import { runFacts, shareDone, statusText } from "./run-facts.ts";
import { useFocusOnChange } from "./use-focus-on-change.ts";
import styles from "./panel.module.css";

interface RunBarProps {
  run: RunState;
  place: string;
  blockers: Blocker[];
  warnings: Blocker[];
  onStart: () => void;
}

/** How far the run is and how fast it goes, with Pause and Stop; after it, what came out, with Start again. */
export function RunBar({ run, place, blockers, warnings, onStart }: RunBarProps) {
  const pauses = run.status === "pausing" || run.status === "paused";
  const active = isActive(run.status);
  const percent = 100 * shareDone(run);
  const { left } = useTimeLeft(pauses ? null : run.progress);
  const status = statusText(run, left);
  const start = usePageAction("start");
  const section = useFocusOnChange<HTMLElement>(active);
  return (
    <section ref={section} tabIndex={-1} className={styles.bar} aria-label="Progress of the run">
      <div className={styles.barHead}>
        <span className={styles.status} role="status">
          {status}
        </span>
        {place && <span className={styles.place}>{place}</span>}
        {/* Keys, or the pressed Stop would become "Start again" under the focus that it still has. */}
        {active ? (
          <div key="active" className={styles.buttons}>
            <ActionButton action={pauses ? "resume" : "pause"} />
            <ActionButton action="stop" />
          </div>
        ) : (
          <div key="ended" className={styles.start}>
            <FirstReason reasons={blockers} />
            <Button disabled={!start.enabled} aria-describedby="start-blockers" onClick={onStart}>
              {start.label}
            </Button>
          </div>
        )}
      </div>
      <ReasonList id="start-blockers" reasons={blockers} />
      <ReasonList id="start-warnings" reasons={warnings} warns />
      <Progress.Root size={8}>
        <Progress.Section
          value={percent}
          color={run.status === "failed" ? "gray" : undefined}
          aria-label={`${status}: ${percent.toFixed(0)} %`}
        />
      </Progress.Root>
      <dl className={styles.facts}>
        {runFacts(run).map(({ name, value }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function ActionButton({ action }: { action: PageActionName }) {
  const { label, enabled, perform } = usePageAction(action);
  return (
    <Button variant="default" miw={86} disabled={!enabled} onClick={perform}>
      {label}
    </Button>
  );
}
