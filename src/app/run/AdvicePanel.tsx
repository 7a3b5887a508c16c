import { useMemo, useState } from "react";
import { Button } from "@mantine/core";
import { advise } from "../../advice/advice.ts";
import type { Finding } from "../../advice/finding.ts";
import { isActive, type RunState } from "../state.ts";
import { counted } from "../words.ts";
import { AdviceFinding } from "./AdviceFinding.tsx";
import { runRecord } from "./run-record.ts";
import { useTurn } from "./use-turn.ts";
import styles from "./advice.module.css";

/**
 * What the run is seen to lack, and what to do. While the run goes on it is one line of titles, so that the charts below
 * stay where they are when a finding comes; at the end it shows every finding in full.
 */
export function AdvicePanel({ run }: { run: RunState }) {
  const active = isActive(run.status);
  /** What a person chose, and whether the run was active then: its end shows the findings whatever was chosen before. */
  const [chosen, setChosen] = useState<{ open: boolean; active: boolean } | null>(null);
  const shown = useTurn(run, 4);
  const findings = useMemo(() => {
    const record = runRecord(shown);
    return record ? advise(record) : [];
  }, [shown]);
  const open = chosen?.active === active ? chosen.open : !active;
  return (
    <section className={styles.panel} aria-label="Advice">
      <div className={styles.head}>
        <h2>Advice</h2>
        <p className={active ? styles.summary : styles.ended} role="status" title={titles(findings)}>
          {findings.length === 0 ? calmText(shown) : titles(findings)}
        </p>
        <Button
          variant="default"
          size="compact-sm"
          aria-expanded={open}
          disabled={findings.length === 0}
          onClick={() => setChosen({ open: !open, active })}
        >
          {open ? "Hide" : "Show"}
        </Button>
      </div>
      {open && findings.length > 0 && (
        <div role="group" aria-label="Findings" className={styles.findings}>
          <p className={styles.quiet}>
            {active
              ? "The recipe is locked during the run: the buttons work once it has ended, for the next run."
              : "The buttons change the recipe for the next run; Undo reverts it."}
          </p>
          {findings.map((finding) => (
            <AdviceFinding key={finding.id} finding={finding} locked={active} />
          ))}
        </div>
      )}
    </section>
  );
}

/** Changes when a finding comes or goes, not with every number in it. */
function titles(findings: readonly Finding[]): string {
  return findings.map(({ title, certainty }) => `${title} (${certainty})`).join(", ");
}

/** What was looked at, where nothing was found in it. */
function calmText({ status, steps, evaluations }: RunState): string {
  if (steps.length === 0) return isActive(status) ? "Nothing to judge yet." : "No step was made: nothing to judge.";
  const seen = `${counted(steps.length, "step")} and ${counted(evaluations.length, "evaluation")}`;
  return status === "failed" ? `Nothing stood out in ${seen} before the run failed.` : `Nothing stands out in ${seen}.`;
}
