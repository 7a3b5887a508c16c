import { Button } from "@mantine/core";
import { againstBaseline } from "../../tasks/against-baseline.ts";
import { metricText, wholeText } from "../figures.ts";
import { taskOf } from "../run-outcome.ts";
import type { RunState } from "../state.ts";
import styles from "./panel.module.css";

interface BetterBaselineProps {
  run: Pick<RunState, "plan" | "baseline" | "best" | "end">;
  /** Where the baseline can be chosen: whether it is, and what chooses it. */
  choice?: { isChosen: boolean; onTake: () => void };
}

/** Says that the baseline of an ended run is better than its best weights, and offers it; nothing where it is not. */
export function BetterBaseline({ run, choice }: BetterBaselineProps) {
  const against = run.end && againstBaseline(taskOf(run), run.baseline, run.best);
  if (against?.better !== "baseline") return null;
  const { metric, baseline, fineTuned } = against;
  const [scored, all] = [run.baseline?.report.rows ?? 0, run.plan?.validationRows ?? 0];
  const share = scored < all ? `, on ${wholeText(scored)} of the ${wholeText(all)} validation rows` : "";
  return (
    <p role="note" className={styles.cut}>
      The baseline is better: {metric.name} {metricText(metric, baseline)}
      {share}, and {metricText(metric, fineTuned)} after fine-tuning.{" "}
      {choice ? (
        !choice.isChosen && (
          <Button variant="default" size="compact-sm" onClick={choice.onTake}>
            Take the baseline
          </Button>
        )
      ) : (
        <>“Try it” and “Download” have it.</>
      )}
    </p>
  );
}
