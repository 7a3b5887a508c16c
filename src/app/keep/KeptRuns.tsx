import { Button, Group } from "@mantine/core";
import type { KeptRun } from "../../workers/session.ts";
import { bytes as bytesText } from "../figures.ts";
import { ProblemNote } from "../ProblemNote.tsx";
import { ProgressLine } from "../ProgressLine.tsx";
import { isActive } from "../state.ts";
import { useActions, useApp } from "../use-app.ts";
import { titleOfPage } from "./page-record.ts";
import styles from "./keep.module.css";

/** The runs that were cut off, each with a button to go on; nothing where there are none. */
export function KeptRuns() {
  const { runs, busy, problem } = useApp((app) => app.keep);
  const active = useApp(({ run }) => isActive(run.status));
  const { goOn, forgetKept, dismissKeepProblem } = useActions();
  if (active || (runs.length === 0 && !problem)) return null;
  return (
    <section className={styles.kept} aria-label="Runs that were cut off">
      {problem && <ProblemNote problem={problem} onDismiss={dismissKeepProblem} />}
      {busy && <ProgressLine progress={busy} />}
      {!busy &&
        runs.map((kept) => (
          <div key={kept.id} className={styles.line}>
            <p>
              <strong>{titleOfPage(kept.page) ?? "A run of an earlier version"}</strong> was cut off. {placeText(kept)}
            </p>
            <Group gap="xs" wrap="nowrap">
              <Button size="sm" onClick={() => void goOn(kept)}>
                Go on
              </Button>
              <Button size="sm" variant="default" onClick={() => void forgetKept(kept.id)}>
                Forget it
              </Button>
            </Group>
          </div>
        ))}
      {!busy && runs.length > 1 && (
        <Button size="compact-sm" variant="subtle" onClick={() => void forgetKept(null)}>
          Forget all
        </Button>
      )}
    </section>
  );
}

/** Where it goes on, and what it takes. */
function placeText({ facts, startedAt, bytes }: KeptRun): string {
  const at = (time: number) => new Date(time).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
  const room = `It takes ${bytesText(bytes)} of this browser’s storage.`;
  if (!facts) return `It was started on ${at(startedAt)} and not saved yet, so it starts over. ${room}`;
  const steps = facts.steps === null ? "" : ` of ${facts.steps}`;
  return `It goes on from step ${facts.step}${steps}, saved on ${at(facts.savedAt)}. ${room}`;
}
