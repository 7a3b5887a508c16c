import { Button, Progress } from "@mantine/core";
import { useEffect, useRef, type RefObject } from "react";
import type { Blocker } from "../blockers.ts";
import { FirstReason, ReasonList } from "../ReasonList.tsx";
import { type PageActionName, usePageAction } from "../page-actions.ts";
import { isActive, type RunState } from "../state.ts";
import { SavedLine } from "../keep/KeepControls.tsx";
import { useTimeLeft } from "../ProgressLine.tsx";
import { NotifySwitch } from "./NotifySwitch.tsx";
import { runFacts, shareDone, statusText } from "./run-facts.ts";
import styles from "./panel.module.css";

interface RunBarProps {
  run: RunState;
  place: string;
  blockers: Blocker[];
  warnings: Blocker[];
  onStart: () => void;
}

/** Progress and speed of the run, with Pause and Stop; after the run its outcome, with Start again. */
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
        {/* Without keys the pressed Stop would become "Start again" and keep the focus. */}
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
      {active && <NotifySwitch />}
      {active && <SavedLine />}
      {run.setbacks.map((setback) => (
        <p key={setback} className={styles.place} role="status">
          {setback}
        </p>
      ))}
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

/** Milliseconds after which a dialog has faded out and given its focus back. */
const afterDialog = 400;

/**
 * Moves the focus to an element that appears or changes its buttons after one of them was pressed: that button is gone,
 * and the focus would fall back to the page. Where the page is one column, it also scrolls there.
 */
function useFocusOnChange<Kind extends HTMLElement>(active: boolean): RefObject<Kind | null> {
  const element = useRef<Kind>(null);
  useEffect(() => {
    const lead = () => {
      if (isFocusLost()) element.current?.focus({ preventScroll: true });
    };
    lead();
    if (active && window.matchMedia("(max-width: 900px)").matches) element.current?.scrollIntoView({ block: "start" });
    const timer = setTimeout(lead, afterDialog);
    return () => clearTimeout(timer);
  }, [active]);
  return element;
}

/** Whether nothing has the focus, or a card's heading has it, where it was moved while the card's file was read. */
function isFocusLost(): boolean {
  const { activeElement, body } = document;
  return activeElement === null || activeElement === body || activeElement.matches("[data-card] h2 button");
}
