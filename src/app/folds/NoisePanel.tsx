import { Button } from "@mantine/core";
import { useEffect } from "react";
import { counted } from "../../recipe/wording.ts";
import { taskNamed } from "../../tasks/registry.ts";
import type { Results } from "../../workers/protocol.ts";
import type { Session } from "../../workers/session.ts";
import { noiseOf } from "../actions/noise-actions.ts";
import { percentText } from "../figures.ts";
import { ProblemNote } from "../ProblemNote.tsx";
import { ProgressLine } from "../ProgressLine.tsx";
import charts from "../run/charts.module.css";
import panel from "../run/panel.module.css";
import type { FoldedLabels, JudgedScores, RunState } from "../state.ts";
import { useActions, useApp } from "../use-app.ts";
import styles from "./folds.module.css";
import { gainLines, ofFolds } from "./gains.ts";
import { NoiseList } from "./NoiseList.tsx";

interface NoisePanelProps {
  session: Session;
  run: RunState;
  /** Those of all rows that the run's model was scored on. */
  results: Results;
}

/** Labels in doubt: by the folds of the run, or by folds of the probe on demand; and what correcting them gained. */
export function NoisePanel({ session, run, results }: NoisePanelProps) {
  const { found, before, trained, lists, progress, problem } = useApp(noiseOf);
  const edits = useApp(({ data }) => data.edits);
  const folds = useApp((app) => app.folds);
  const { listIssues, probeIssues, stopProbing, trainAgain, dismissNoise } = useActions();
  const summary = run.folds?.summary ?? null;
  const isMissing = summary !== null && found?.summary !== summary;
  useEffect(() => {
    if (isMissing) void listIssues();
  }, [isMissing, listIssues]);
  const { asks } = taskNamed(results.task);
  const isOld = found !== null && found.edits !== edits;
  const scores = scoresOf(results, run);
  return (
    <section aria-label="Labels in doubt" className={charts.wide}>
      <h2>Labels in doubt</h2>
      {problem && <ProblemNote problem={problem} onDismiss={dismissNoise} />}
      {progress && (
        <div className={panel.row}>
          <ProgressLine progress={progress} />
          <Button size="compact-sm" variant="default" onClick={() => void stopProbing()}>
            Stop
          </Button>
        </div>
      )}
      {found && !isMissing && (
        <>
          <p>{whoJudges(found)}</p>
          <Gains found={found} before={before} scores={scores} trained={trained} />
          <NoiseList key={lists} session={session} issues={found.issues} />
        </>
      )}
      {!found && summary === null && (
        <p>
          {asks === "words"
            ? "Tags in doubt are found by a cross-validation: switch it on in the Data card and start again."
            : "Each row is judged by a model that was not trained on it. Linear models on the frozen encoder’s vectors do it at once; a cross-validation does it with fine-tuned ones."}
        </p>
      )}
      <div className={panel.row} style={{ marginTop: 12 }}>
        {summary === null && asks !== "words" && (
          <Button variant="default" disabled={progress !== null} onClick={() => void probeIssues()}>
            {found ? "Judge the labels again" : `Find labels in doubt, by ${counted(folds.folds, "fold")}`}
          </Button>
        )}
        {isOld && (
          <Button disabled={progress !== null} onClick={() => void trainAgain(scores)}>
            Train again with the corrected rows
          </Button>
        )}
      </div>
    </section>
  );
}

function whoJudges({ by, issues: { share, rows } }: FoldedLabels): string {
  const who =
    by === "folds" ? "a model of the folds that was" : "linear models on the frozen encoder’s vectors that were";
  const wrong =
    share === null
      ? ""
      : ` By confident learning about ${percentText(share)} of the labels may be wrong: ${counted(Math.round(share * rows.length), "row")}.`;
  return `Each row is judged by ${who} not trained on it.${wrong}`;
}

/** The scores of a run's model on the rows that it was judged by. */
function scoresOf({ task, report, intervals, folds }: Results, run: RunState): JudgedScores {
  const { metrics } = taskNamed(task);
  return {
    task,
    isFolds: folds !== undefined,
    edits: run.edits,
    value: Object.fromEntries(metrics.map(({ key, of }) => [key, of(report)])),
    interval: Object.fromEntries(metrics.map(({ key }) => [key, intervals?.of[key] ?? null])),
  };
}

interface GainsProps {
  found: FoldedLabels;
  before: FoldedLabels | null;
  scores: JudgedScores;
  trained: JudgedScores | null;
}

/** What corrected labels gained: the folds before and after, and the model before and after. */
function Gains({ found, before, scores, trained }: GainsProps) {
  const hasFolds =
    before !== null && before.edits !== found.edits && before.by === found.by && before.task === found.task;
  const hasModel =
    trained !== null &&
    trained.edits !== scores.edits &&
    trained.task === scores.task &&
    !trained.isFolds &&
    !scores.isFolds;
  if (!hasFolds && !hasModel) return null;
  const lines = [
    ...(hasModel ? gainLines("Validation rows", scores.task, trained, scores) : []),
    ...(hasFolds ? gainLines("Mean of the folds", found.task, ofFolds(before), ofFolds(found)) : []),
  ];
  return (
    <>
      <h3>What the corrections gained</h3>
      <ul className={styles.gains}>
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <p className={panel.quiet}>
        Corrected rows are scored by their new labels, which is a part of the gain. Where the intervals overlap by far,
        the rest may be chance.
      </p>
    </>
  );
}
