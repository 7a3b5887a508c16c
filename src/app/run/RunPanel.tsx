import { lazy, startTransition, Suspense, useState } from "react";
import { Tabs } from "@mantine/core";
import { ProblemNote } from "../ProblemNote.tsx";
import { type Weights, hasModel } from "../run-outcome.ts";
import { tabNames } from "../state.ts";
import { useActions, useApp } from "../use-app.ts";
import { EndedTabs } from "./EndedTabs.tsx";
import { closedLine, closedReason, tabTitles } from "./tab-reasons.ts";
import { TrainingTab } from "./TrainingTab.tsx";
import styles from "./panel.module.css";

const RowsTab = lazy(() => import("../rows/RowsTab.tsx").then(({ RowsTab }) => ({ default: RowsTab })));

/** The run side of the page: what will happen, then the run, then its results. */
export function RunPanel() {
  const status = useApp(({ run }) => run.status);
  const problem = useApp(({ run }) => run.problem);
  const model = useApp((app) => app.model.summary);
  const trained = useApp(({ run }) => hasModel(run));
  const hasTable = useApp(({ data }) => data.table !== null);
  const hasFolds = useApp(({ run }) => (run.folds?.summary ?? null) !== null);
  const facts = { status, trained, model, hasTable, hasFolds };
  const actions = useActions();
  const wanted = useApp((app) => app.tab);
  const [weights, setWeights] = useState<Weights>("best");
  const tab = closedReason(wanted, facts) === null ? wanted : "training";
  const chooseWeights = (chosen: Weights) => {
    if (chosen !== weights) actions.clearSelectionByModel();
    setWeights(chosen);
  };
  const start = () => {
    actions.openTab("training");
    void actions.start();
  };
  return (
    <Tabs
      value={tab}
      // A transition is drawn in slices: a tab may have thousands of rows and classes.
      onChange={(value) =>
        startTransition(() => actions.openTab(tabNames.find((name) => name === value) ?? "training"))
      }
      keepMounted={false}
      className={styles.panel}
    >
      <Tabs.List aria-label="Run" className={styles.tabs}>
        {tabNames.map((name) => {
          const reason = closedReason(name, facts);
          return (
            <Tabs.Tab
              key={name}
              value={name}
              disabled={reason !== null}
              title={reason === null ? undefined : `Opens ${reason}`}
            >
              {tabTitles[name]}
            </Tabs.Tab>
          );
        })}
      </Tabs.List>
      <p className={styles.closed}>{closedLine(facts)}</p>
      {problem && (
        <div className={styles.problem}>
          <ProblemNote problem={problem} onDismiss={actions.dismissRunProblem} />
        </div>
      )}
      <Tabs.Panel value="training">
        <TrainingTab onStart={start} />
      </Tabs.Panel>
      <Tabs.Panel value="rows" className={styles.tab}>
        <Suspense fallback={<p role="status">Loading the table.</p>}>
          <RowsTab weights={weights} />
        </Suspense>
      </Tabs.Panel>
      {tab !== "training" && tab !== "rows" && <EndedTabs tab={tab} weights={weights} onWeights={chooseWeights} />}
    </Tabs>
  );
}
