import { Tabs, SegmentedControl } from "@mantine/core";
import { type ReactNode, useEffect, useMemo, useState } from "react";
import { reportProblem, type ProblemReport } from "../../problem/problem.ts";
import type { Results } from "../../workers/protocol.ts";
import type { Session } from "../../workers/session.ts";
import { wholeText } from "../figures.ts";
import { ProblemNote } from "../ProblemNote.tsx";
import { type Weights, hasModel, hasTrained, lastStep, taskOf } from "../run-outcome.ts";
import { isActive, type RunState } from "../state.ts";
import { runPanelsOf } from "../tasks/run-panels.ts";
import { useActions, useApp } from "../use-app.ts";
import { BetterBaseline } from "./BetterBaseline.tsx";
import { DownloadTab } from "./DownloadTab.tsx";
import { beforeAndAfter } from "./earlier-moments.ts";
import { ResultsTab } from "./ResultsTab.tsx";
import type { TabName } from "./tab-reasons.ts";
import { TryTab } from "./TryTab.tsx";
import { readerOf } from "./use-row-texts.ts";
import styles from "./panel.module.css";

/**
 * The object that results are cached under; null before the end. A run that failed has no end event, but its own array
 * of steps.
 */
const endOf = ({ end, steps, status }: RunState): object | null => end ?? (status === "failed" ? steps : null);

interface EndedTabsProps {
  tab: TabName;
  weights: Weights;
  onWeights: (weights: Weights) => void;
}

/** The tabs about trained weights, with one choice of weights for all of them. */
export function EndedTabs({ tab, weights: chosen, onWeights }: EndedTabsProps) {
  const session = useApp((app) => app.session);
  const run = useApp((app) => app.run);
  const isQuick = !hasTrained(run) && hasModel(run);
  const weights = isQuick ? "baseline" : chosen;
  const dataName = useApp((app) => app.data.name);
  const pair = useApp((app) => app.data.columns?.pair ?? null) !== null;
  const checkpoint = useApp((app) => app.model.summary);
  const { markDownloaded } = useActions();
  const choice = <WeightsChoice run={run} weights={weights} withBaseline onChoose={onWeights} />;
  const taking = { isChosen: weights === "baseline", onTake: () => onWeights("baseline") };
  const better = <BetterBaseline run={run} choice={taking} />;
  // The errors are those of the fine-tuning: the baseline may have been scored on a share of the rows.
  const trained = weights === "baseline" && !isQuick ? "best" : weights;
  const fineTuned = <WeightsChoice run={run} weights={trained} onChoose={onWeights} />;
  // Where the last step is the best one, both are the same weights and are scored once.
  const sameWeights = run.best !== null && run.best.step === lastStep(run);
  const scored = tab === "results" || tab === "errors";
  const { results, problem } = useResults(session, scored ? endOf(run) : null, sameWeights ? "best" : trained);
  const withResults = (content: (results: Results) => ReactNode) => (
    <>
      {problem && <ProblemNote problem={problem} />}
      {!problem && !results && <p role="status">Scoring all validation rows with these weights.</p>}
      {results && content(results)}
    </>
  );
  const ended = hasModel(run) && !isActive(run.status);
  return (
    <>
      <Tabs.Panel value="results" className={styles.tab}>
        <div className={styles.row}>{fineTuned}</div>
        <BetterBaseline run={run} />
        {withResults((found) => (
          <ResultsTab
            results={found}
            baseline={isQuick ? null : run.baseline}
            earlier={beforeAndAfter(run.earlier, found.step)}
          />
        ))}
      </Tabs.Panel>
      <Tabs.Panel value="errors" className={styles.tab}>
        <div className={styles.row}>{fineTuned}</div>
        {withResults((found) => (
          <TaskErrors key={found.weights} session={session} results={found} />
        ))}
      </Tabs.Panel>
      <Tabs.Panel value="try" className={styles.tab}>
        {ended && <div className={styles.row}>{choice}</div>}
        {ended && better}
        <TryTab
          session={session}
          model={ended ? endOf(run) : checkpoint}
          weights={ended ? weights : "checkpoint"}
          pair={pair}
          {...(ended && { asks: taskOf(run).asks })}
        />
      </Tabs.Panel>
      <Tabs.Panel value="download" className={styles.tab}>
        <div className={styles.row}>{choice}</div>
        {better}
        <DownloadTab
          session={session}
          run={run}
          weights={weights}
          dataName={dataName}
          pair={pair}
          baseModel={checkpoint?.name ?? ""}
          parameters={checkpoint?.parameters ?? 0}
          onSaved={markDownloaded}
        />
      </Tabs.Panel>
    </>
  );
}

/** The task's list of rows that came out wrong, of the rows that were scored. */
function TaskErrors({ session, results }: { session: Session; results: Results }) {
  const { task, places } = results;
  const reader = useMemo(() => readerOf(session, places), [session, places]);
  const { Errors } = runPanelsOf({ name: task });
  return (
    <>
      {places && (
        <p>The baseline was scored on {wholeText(places.length)} of the validation rows; these are of them.</p>
      )}
      <Errors session={reader} results={results} />
    </>
  );
}

interface WeightsChoiceProps {
  run: RunState;
  weights: Weights;
  /** Whether the baseline can be chosen too, where the run has one. */
  withBaseline?: boolean;
  onChoose: (weights: Weights) => void;
}

/** Best or last weights of a run, each with its step, or the baseline. */
function WeightsChoice({ run, weights, withBaseline = false, onChoose }: WeightsChoiceProps) {
  if (!hasTrained(run)) return <p>The baseline: a linear model on the frozen encoder’s vectors.</p>;
  const step = (value: number | undefined) => (value === undefined ? "" : ` (step ${wholeText(value)})`);
  return (
    <SegmentedControl
      aria-label="Weights"
      value={weights}
      onChange={(value) => onChoose(value === "last" || value === "baseline" ? value : "best")}
      data={[
        { value: "best", label: `Best${step(run.best?.step)}` },
        { value: "last", label: `Last${step(lastStep(run))}` },
        ...(withBaseline && run.baseline ? [{ value: "baseline", label: "Baseline" }] : []),
      ]}
    />
  );
}

/** The results of a run, or why there are none; both null while they are computed. */
interface ResultsAnswer {
  results: Results | null;
  problem: ProblemReport | null;
}

const waiting: ResultsAnswer = { results: null, problem: null };

/** Results by run, so that switching tabs scores the validation rows only once for each kind of weights. */
const asked = new WeakMap<object, Map<Weights, Promise<Results>>>();

/** The results of an ended run with its best or last weights. */
function useResults(session: Session, end: object | null, weights: Weights): ResultsAnswer {
  const [answer, setAnswer] = useState<ResultsAnswer & { end: object | null; weights: Weights }>();
  useEffect(() => {
    if (!end) return undefined;
    let wanted = true;
    const take = (change: Partial<ResultsAnswer>) => {
      if (wanted) setAnswer({ ...waiting, ...change, end, weights });
    };
    askOnce(session, end, weights).then(
      (results) => take({ results }),
      (error: unknown) => take({ problem: reportProblem(error) }),
    );
    return () => {
      wanted = false;
    };
  }, [session, end, weights]);
  return answer && answer.end === end && answer.weights === weights ? answer : waiting;
}

function askOnce(session: Session, end: object, weights: Weights): Promise<Results> {
  const ofRun = asked.get(end) ?? new Map<Weights, Promise<Results>>();
  asked.set(end, ofRun);
  const known = ofRun.get(weights);
  if (known) return known;
  const answer = session.results(weights);
  ofRun.set(weights, answer);
  // A failure is not cached: coming back to the tab tries again.
  answer.catch(() => ofRun.delete(weights));
  return answer;
}
