import { useMemo, useState } from "react";
import { Button, VisuallyHidden } from "@mantine/core";
import { advise } from "../../advice/advice.ts";
import type { Finding } from "../../advice/finding.ts";
import { isActive, type RunState } from "../state.ts";
import { counted } from "../words.ts";
import { AdviceFinding } from "./AdviceFinding.tsx";
import { runRecord } from "./run-record.ts";
import { useTurn } from "./use-turn.ts";
import styles from "./advice.module.css";

/**
 * What the run is seen to lack, and what to do. It is as high as one finding from the start, so that the charts below
 * stay where they are; further findings are scrolled to, or unfolded by hand.
 */
export function AdvicePanel({ run }: { run: RunState }) {
  const [unfolded, setUnfolded] = useState(false);
  const shown = useTurn(run, 4);
  const findings = useMemo(() => {
    const record = runRecord(shown);
    return record ? advise(record) : [];
  }, [shown]);
  const locked = isActive(run.status);
  return (
    <section className={styles.panel} aria-label="Advice">
      <div className={styles.head}>
        <h2>Advice</h2>
        <span className={styles.quiet}>
          {locked
            ? "The recipe is locked during the run: the buttons work once it has ended, for the next run."
            : "The buttons change the recipe for the next run; Undo takes it back."}
        </span>
        <Button
          variant="subtle"
          size="compact-xs"
          aria-expanded={unfolded}
          onClick={() => setUnfolded((before) => !before)}
        >
          {unfolded ? "Fold" : "Unfold"}
        </Button>
      </div>
      <VisuallyHidden role="status">{announced(findings)}</VisuallyHidden>
      <div
        className={unfolded ? undefined : styles.folded}
        tabIndex={unfolded ? undefined : 0}
        role="group"
        aria-label="Findings"
      >
        {findings.length === 0 ? (
          <p className={styles.quiet}>
            Nothing stands out. Looked at so far: loss, gradient norm and rate of {counted(shown.steps.length, "step")},
            classes and loss of {counted(shown.evaluations.length, "evaluation")}, lengths of the rows.
          </p>
        ) : (
          findings.map((finding) => <AdviceFinding key={finding.id} finding={finding} locked={locked} />)
        )}
      </div>
    </section>
  );
}

/** Changes when a finding comes or goes, not with every number in it. */
function announced(findings: readonly Finding[]): string {
  if (findings.length === 0) return "";
  return `Advice: ${findings.map(({ title, certainty }) => `${title} (${certainty})`).join(", ")}.`;
}
