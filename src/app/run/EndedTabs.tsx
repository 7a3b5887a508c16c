import { Button, Modal, Tabs, SegmentedControl } from "@mantine/core";
import { type ComponentProps, type ReactNode, lazy, Suspense, useEffect, useMemo, useState } from "react";
import type { Thresholds } from "../../metrics/decision.ts";
import { reportProblem, type ProblemReport } from "../../problem/problem.ts";
import type { Results, RowText } from "../../workers/protocol.ts";
import type { Session } from "../../workers/session.ts";
import { taskNamed } from "../../tasks/registry.ts";
import { wholeText } from "../figures.ts";
import { ProblemNote } from "../ProblemNote.tsx";
import { type Weights, hasModel, hasTrained, lastStep, taskOf } from "../run-outcome.ts";
import { isActive, type RunState, type TabName } from "../state.ts";
import { runPanelsOf } from "../tasks/run-panels.ts";
import { useActions, useApp } from "../use-app.ts";
import { BetterBaseline } from "./BetterBaseline.tsx";
import { DownloadTab } from "./DownloadTab.tsx";
import { askOnce, endOf } from "./ended-results.ts";
import { beforeAndAfter } from "./earlier-moments.ts";
import { LearningCurve } from "./LearningCurve.tsx";
import { ResultsTab } from "./ResultsTab.tsx";
import { TestSet } from "./TestSet.tsx";
import { SelectionBar } from "./SelectionBar.tsx";
import { useSelection } from "./use-selection.ts";
import { RowTrial } from "./row-trial.ts";
import { TryTab } from "./TryTab.tsx";
import { readerOf } from "./use-row-texts.ts";
import styles from "./panel.module.css";

const ThresholdCard = lazy(() =>
  import("./ThresholdCard.tsx").then(({ ThresholdCard }) => ({ default: ThresholdCard })),
);
const SetThresholds = lazy(() =>
  import("./ThresholdCard.tsx").then(({ SetThresholds }) => ({ default: SetThresholds })),
);
const FoldsPanel = lazy(() => import("../folds/FoldsPanel.tsx").then(({ FoldsPanel }) => ({ default: FoldsPanel })));

const NoisePanel = lazy(() => import("../folds/NoisePanel.tsx").then(({ NoisePanel }) => ({ default: NoisePanel })));

/** With fewer training rows a quarter of them says nothing. */
const FEWEST_CURVE_ROWS = 80;

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
  const { testRows, folds } = run;
  // No row is left to choose between weights of a cross-validation's final model: the last ones count.
  const weights = isQuick ? "baseline" : folds ? "last" : chosen;
  const dataName = useApp((app) => app.data.name);
  const pair = useApp((app) => app.data.columns?.pair ?? null) !== null;
  const checkpoint = useApp((app) => app.model.summary);
  const { markDownloaded, openTab, renewResults } = useActions();
  const choice = <WeightsChoice run={run} weights={weights} withBaseline onChoose={onWeights} />;
  const taking = { isChosen: weights === "baseline", onTake: () => onWeights("baseline") };
  const better = folds ? null : <BetterBaseline run={run} choice={taking} />;
  // The errors are those of the fine-tuning: the baseline may have been scored on a share of the rows.
  const trained = weights === "baseline" && !isQuick ? "best" : weights;
  const fineTuned = <WeightsChoice run={run} weights={trained} onChoose={onWeights} />;
  // Where the last step is the best one, both are the same weights and are scored once.
  const sameWeights = !folds && run.best !== null && run.best.step === lastStep(run);
  const scored = tab === "results" || tab === "errors";
  const { results, problem } = useResults(
    session,
    scored ? endOf(run) : null,
    sameWeights ? "best" : trained,
    run.steps,
  );
  const setThresholds = async (thresholds: Thresholds | null) => {
    // Weights of the same step are the same, whatever they are called.
    const names = sameWeights ? (["best", "last"] as const) : ([trained] as const);
    for (const name of names) await session.setThresholds(name, thresholds);
    renewResults();
  };
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
        {!folds && <BetterBaseline run={run} />}
        {folds && (
          <Suspense fallback={<p role="status">Loading the folds.</p>}>
            <FoldsPanel session={session} run={run} folds={folds} />
            <h2>All folds together</h2>
          </Suspense>
        )}
        {results && (
          <Suspense fallback={null}>
            <SetThresholds results={results} />
          </Suspense>
        )}
        {withResults((found) => (
          <TaskResults
            session={session}
            results={found}
            baseline={isQuick || folds ? null : run.baseline}
            earlier={beforeAndAfter(run.earlier, found.step)}
          />
        ))}
        {/* The map is of the rows that a run's own model was scored on. */}
        {!folds && results && (
          <Suspense fallback={<p role="status">Loading the map.</p>}>
            <RowMapCard key={results.weights} session={session} results={results} seed={run.recipe?.seed ?? 0} />
          </Suspense>
        )}
        {results?.decision && (
          <Suspense fallback={<p role="status">Loading the costs of thresholds.</p>}>
            <ThresholdCard key={results.weights} results={results} onSet={setThresholds} />
          </Suspense>
        )}
        {!folds && results && (
          <LearningCurve
            task={taskOf(run)}
            baseline={run.baseline?.learningCurve ?? null}
            canFineTune={hasTrained(run) && (run.plan?.trainRows ?? 0) >= FEWEST_CURVE_ROWS}
          />
        )}
        {results && run.recipe?.dataMap && taskOf(run).scoredBy !== "none" && hasTrained(run) && (
          <Suspense fallback={<p role="status">Loading the data map.</p>}>
            <DataMapCard session={session} run={run.steps} />
          </Suspense>
        )}
        {results && (
          <Suspense fallback={<p role="status">Loading the labels in doubt.</p>}>
            <NoisePanel session={session} run={run} results={results} />
          </Suspense>
        )}
        {testRows > 0 && results && hasModel(run) && (
          <TestSet session={session} run={endOf(run) ?? run} weights={results.weights} rows={testRows} />
        )}
      </Tabs.Panel>
      <Tabs.Panel value="errors" className={styles.tab}>
        <div className={styles.row}>
          {fineTuned}
          <Button variant="default" onClick={() => openTab("rows")}>
            Correct rows in the table
          </Button>
        </div>
        {withResults((found) => (
          <TaskErrors key={found.weights} session={session} results={found} model={endOf(run)} weights={trained} />
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

const RowMapCard = lazy(() => import("./map/RowMapCard.tsx").then(({ RowMapCard }) => ({ default: RowMapCard })));
const DataMapCard = lazy(() =>
  import("./data-map/DataMapCard.tsx").then(({ DataMapCard }) => ({ default: DataMapCard })),
);
const SlicesPanel = lazy(() =>
  import("./slices/SlicesPanel.tsx").then(({ SlicesPanel }) => ({ default: SlicesPanel })),
);

interface TaskResultsProps extends Omit<ComponentProps<typeof ResultsTab>, "selecting" | "children"> {
  session: Session;
}

/** The report on all rows that were scored, or on those of them that are selected. */
function TaskResults({ session, ...props }: TaskResultsProps) {
  return (
    <ResultsTab {...props} selecting={useSelection(session, props.results)}>
      {(selectable) => (
        <Suspense fallback={<p role="status">Loading the slices.</p>}>
          <SlicesPanel session={session} selectable={selectable("slice")} />
        </Suspense>
      )}
    </ResultsTab>
  );
}

interface TaskErrorsProps {
  session: Session;
  results: Results;
  model: object | null;
  weights: Weights;
}

/** The task's list of rows that came out wrong, of the rows that were scored; each can be explained. */
function TaskErrors({ session, results, model, weights }: TaskErrorsProps) {
  const [tried, setTried] = useState<RowText | null>(null);
  const { task, places } = results;
  const { selected, selectable } = useSelection(session, results);
  const mistakes = selectable("matrix");
  const shown = mistakes.results;
  const reader = useMemo(() => readerOf(session, shown.places), [session, shown.places]);
  const { Errors } = runPanelsOf({ name: task });
  return (
    <>
      {places && (
        <p>
          {results.folds === undefined
            ? `The baseline was scored on ${wholeText(places.length)} of the validation rows; these are of them.`
            : `Folds have scored ${wholeText(places.length)} of the rows; these are of them.`}
        </p>
      )}
      {selected && <SelectionBar selected={selected} all={results} />}
      <RowTrial value={setTried}>
        <Errors session={reader} results={shown} selectable={mistakes} />
      </RowTrial>
      <Modal
        opened={tried !== null}
        onClose={() => setTried(null)}
        title={tried ? `Row of line ${wholeText(tried.line)}: change the text to see what it changes` : ""}
        size="xl"
        closeButtonProps={{ "aria-label": "Close" }}
      >
        {tried && (
          <TryTab
            session={session}
            model={model}
            weights={weights}
            pair={tried.pair !== null}
            asks={taskNamed(task).asks}
            initial={tried}
          />
        )}
      </Modal>
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
  if (run.folds) return <p>{foldedText(run)}</p>;
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

/** What the scores and the weights of a cross-validation are. */
function foldedText(run: RunState): string {
  if (!hasModel(run)) return "Scores of the folds that are complete. The final model was not trained.";
  const what = hasTrained(run) ? "" : ", a linear model on the frozen encoder’s vectors,";
  return `The final model${what} is trained on all rows. Scores are those of the folds: each row by a model that was not trained on it.`;
}

/** The results of a run, or why there are none; both null while they are computed. */
interface ResultsAnswer {
  results: Results | null;
  problem: ProblemReport | null;
}

const waiting: ResultsAnswer = { results: null, problem: null };

/**
 * The results of an ended run with its best or last weights.
 *
 * @param steps the run's own array of steps
 */
function useResults(session: Session, end: object | null, weights: Weights, steps: object): ResultsAnswer {
  const [answer, setAnswer] = useState<ResultsAnswer & { steps: object; weights: Weights }>();
  useEffect(() => {
    if (!end) return undefined;
    let wanted = true;
    const take = (change: Partial<ResultsAnswer>) => {
      if (wanted) setAnswer({ ...waiting, ...change, steps, weights });
    };
    askOnce(session, end, weights).then(
      (results) => take({ results }),
      (error: unknown) => take({ problem: reportProblem(error) }),
    );
    return () => {
      wanted = false;
    };
  }, [session, end, weights, steps]);
  // After thresholds were set the results of before stay until the others are there.
  return end && answer && answer.steps === steps && answer.weights === weights ? answer : waiting;
}
