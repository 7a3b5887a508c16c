import { startTransition, useState } from "react";
import { Tabs } from "@mantine/core";
import { ProblemNote } from "../ProblemNote.tsx";
import { type Weights, hasModel } from "../run-outcome.ts";
import { useActions, useApp } from "../use-app.ts";
import { EndedTabs } from "./EndedTabs.tsx";
import { closedLine, closedReason, tabNames, tabTitles, type TabName } from "./tab-reasons.ts";
import { TrainingTab } from "./TrainingTab.tsx";
import styles from "./panel.module.css";

/** The run side of the page: what will happen, then the run, then its results. */
export function RunPanel() {
  const status = useApp(({ run }) => run.status);
  const problem = useApp(({ run }) => run.problem);
  const model = useApp((app) => app.model.summary);
  const trained = useApp(({ run }) => hasModel(run));
  const facts = { status, trained, model };
  const actions = useActions();
  const [wanted, setWanted] = useState<TabName>("training");
  const [weights, setWeights] = useState<Weights>("best");
  const tab = closedReason(wanted, facts) === null ? wanted : "training";
  const start = () => {
    setWanted("training");
    void actions.start();
  };
  return (
    <Tabs
      value={tab}
      // A transition is drawn in slices: a tab may have thousands of rows and classes.
      onChange={(value) => startTransition(() => setWanted(tabNames.find((name) => name === value) ?? "training"))}
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
      {tab !== "training" && <EndedTabs tab={tab} weights={weights} onWeights={setWeights} />}
    </Tabs>
  );
}
