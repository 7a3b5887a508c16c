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
import { supportsOf } from "../tasks/setup-panels.ts";

const ChartGrid = lazy(async () => ({ default: (await import("./ChartGrid.tsx")).ChartGrid }));
const backendNames = { webgpu: "WebGPU", wasm: "Processor", cpu: "Plain JavaScript" } as const;

/** What will happen, before the start; then the bar, the advice and the charts of the run. */
export function TrainingTab({ onStart }: { onStart: () => void }) {
  const data = useSettledData();
  const { earlier, model, textFile, recipe, backend, run, estimate } = useApp(
    useShallow(({ earlier, model, textFile, recipe, backend, run, estimate }) => ({
      earlier,
      model,
      textFile,
      recipe,
      backend,
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
      }),
    [recipe, data, model.summary, usable, textFile.summary, plan],
  );
  const supports = useMemo(() => supportsOf(data.summary), [data.summary]);
  const device = backend.info ? `${backendNames[backend.info.backend]} · ${backend.info.adapter}` : "";
  const place = [device, run.plan?.mixedAs ? precisionText(run.plan.mixedAs) : ""].filter(Boolean).join(" · ");
  if (run.status === "idle") {
    return <BeforeStart lines={lines} blockers={blockers} warnings={warnings} place={place} onStart={onStart} />;
  }
  return (
    <>
      <RunBar
        run={run}
        place={place}
        blockers={isActive(run.status) ? [] : blockers}
        warnings={isActive(run.status) ? [] : warnings}
        onStart={onStart}
      />
      <AdvicePanel run={run} />
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
