import { lazy, Suspense, useMemo } from "react";
import { useShallow } from "zustand/react/shallow";
import { precisionText } from "../../recipe/wording.ts";
import type { RunPlan } from "../../workers/protocol.ts";
import { estimatedRun, isActive, type Estimate, type EstimatedRun } from "../state.ts";
import { useApp, useSettledData } from "../use-app.ts";
import { useReasons } from "../use-reasons.ts";
import { AdvicePanel } from "./AdvicePanel.tsx";
import { BeforeStart } from "./BeforeStart.tsx";
import { previewLines } from "./plan-preview.ts";
import { RunBar } from "./RunBar.tsx";
import styles from "./panel.module.css";
import { OtherTab } from "../run-lock/OtherTab.tsx";
import { supportsOf } from "../tasks/setup-panels.ts";

const FoldsTable = lazy(async () => ({ default: (await import("../folds/FoldsTable.tsx")).FoldsTable }));
const ChartGrid = lazy(async () => ({ default: (await import("./ChartGrid.tsx")).ChartGrid }));
const backendNames = { webgpu: "WebGPU", wasm: "Processor", cpu: "Plain JavaScript" } as const;

/** What will happen, before the start; then the bar, the advice and the charts of the run. */
export function TrainingTab({ onStart }: { onStart: () => void }) {
  const data = useSettledData();
  const { earlier, model, textFile, recipe, backend, folds, run, estimate } = useApp(
    useShallow(({ earlier, model, textFile, recipe, backend, folds, run, estimate }) => ({
      earlier,
      model,
      textFile,
      recipe,
      backend,
      folds,
      run,
      estimate,
    })),
  );
  const { blockers, warnings } = useReasons();
  const plan = planFor(estimate, estimatedRun({ recipe, data, model, earlier, textFile }));
  const usable = earlier.summary || earlier.split ? (earlier.choice?.kind ?? null) : null;
  const lines = useMemo(
    () =>
      previewLines(recipe, data.summary, model.summary, {
        earlier: usable,
        textFile: textFile.summary,
        plan,
        lengths: data.tokenLengths,
        folds: folds.isOn ? folds : null,
      }),
    [recipe, data, model.summary, usable, textFile.summary, plan, folds],
  );
  const supports = useMemo(() => supportsOf(data.summary), [data.summary]);
  const device = backend.info ? `${backendNames[backend.info.backend]} · ${backend.info.adapter}` : "";
  const place = [device, run.plan?.mixedAs ? precisionText(run.plan.mixedAs) : ""].filter(Boolean).join(" · ");
  if (run.status === "idle") {
    return (
      <>
        <OtherTab />
        <BeforeStart lines={lines} blockers={blockers} warnings={warnings} place={place} onStart={onStart} />
      </>
    );
  }
  return (
    <>
      <OtherTab />
      <RunBar
        run={run}
        place={place}
        blockers={isActive(run.status) ? [] : blockers}
        warnings={isActive(run.status) ? [] : warnings}
        onStart={onStart}
      />
      {/* The rows that the final model is looked at by are among those that it trains on: they say nothing of it. */}
      {run.folds?.current !== "final" && <AdvicePanel run={run} />}
      {run.folds && (
        <Suspense fallback={<p style={{ minHeight: 190 }}>The folds are being loaded.</p>}>
          <FoldsTable folds={run.folds} />
        </Suspense>
      )}
      {run.folds?.current === "final" && (
        <p className={styles.quiet} role="note">
          The charts below are of the final model, which trains on all rows: the rows it is looked at by are among them,
          so that these scores say nothing of how good it is. Those of the folds do.
        </p>
      )}
      <Suspense fallback={<p style={{ minHeight: 900 }}>The charts are being loaded.</p>}>
        <ChartGrid run={run} supports={supports} />
      </Suspense>
    </>
  );
}

/** The estimate, where it is of the run that would start now. */
function planFor({ plan, of }: Estimate, run: EstimatedRun): RunPlan | null {
  const { recipe, data, model, earlier, textFile } = run;
  const same = of?.recipe === recipe && of.data === data && of.model === model;
  return same && of.earlier === earlier && of.textFile === textFile ? plan : null;
}
