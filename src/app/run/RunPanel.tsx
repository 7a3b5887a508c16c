import { lazy, Suspense, useMemo, useState } from "react";
import { Tabs } from "@mantine/core";
import { useShallow } from "zustand/react/shallow";
import { blockers as blockersOf } from "../blockers.ts";
import { isActive } from "../state.ts";
import { useActions, useApp } from "../use-app.ts";
import { BeforeStart } from "./BeforeStart.tsx";
import { EndedTabs } from "./EndedTabs.tsx";
import { previewLines } from "./plan-preview.ts";
import { ProblemNote } from "../ProblemNote.tsx";
import { RunBar } from "./RunBar.tsx";
import { closedLine, closedReason, tabNames, tabTitles, type TabName } from "./tab-reasons.ts";
import styles from "./panel.module.css";

const ChartGrid = lazy(async () => ({ default: (await import("./ChartGrid.tsx")).ChartGrid }));

/** The run side of the page: before the start what will happen, then the run, then what came of it. */
export function RunPanel() {
  const { data, model, recipe, backend, run } = useApp(
    useShallow(({ data, model, recipe, backend, run }) => ({ data, model, recipe, backend, run })),
  );
  const actions = useActions();
  const [wanted, setWanted] = useState<TabName>("training");
  const tab = closedReason(wanted, run.status, model.summary) === null ? wanted : "training";
  const blockers = useMemo(() => blockersOf({ data, model, recipe }), [data, model, recipe]);
  const lines = useMemo(() => previewLines(recipe, data.summary, model.summary), [recipe, data.summary, model.summary]);
  const supports = useMemo(() => data.summary?.trainCounts ?? [], [data.summary]);
  const place = backend.info ? `${backendNames[backend.info.backend]} · ${backend.info.adapter}` : "";
  const start = () => {
    setWanted("training");
    void actions.start();
  };

  return (
    <Tabs
      value={tab}
      onChange={(value) => setWanted(tabNames.find((name) => name === value) ?? "training")}
      keepMounted={false}
      className={styles.panel}
    >
      <Tabs.List aria-label="Run" className={styles.tabs}>
        {tabNames.map((name) => {
          const reason = closedReason(name, run.status, model.summary);
          return (
            <Tabs.Tab key={name} value={name} disabled={reason !== null} title={reason ?? undefined}>
              {tabTitles[name]}
            </Tabs.Tab>
          );
        })}
      </Tabs.List>
      <p className={styles.closed}>{closedLine(run.status, model.summary)}</p>
      {run.problem && <ProblemNote problem={run.problem} onDismiss={actions.dismissRunProblem} />}
      <Tabs.Panel value="training">
        {run.status === "idle" ? (
          <BeforeStart lines={lines} blockers={blockers} place={place} onStart={start} />
        ) : (
          <>
            <RunBar
              run={run}
              place={place}
              blockers={isActive(run.status) ? [] : blockers}
              onPause={() => void actions.pause()}
              onResume={() => void actions.resume()}
              onStop={() => void actions.stop()}
              onStart={start}
            />
            <Suspense fallback={<p style={{ minHeight: 900 }}>The charts are being loaded.</p>}>
              <ChartGrid run={run} supports={supports} />
            </Suspense>
          </>
        )}
      </Tabs.Panel>
      <EndedTabs tab={tab} />
    </Tabs>
  );
}

const backendNames = { webgpu: "WebGPU", wasm: "Processor", cpu: "Plain JavaScript" } as const;
