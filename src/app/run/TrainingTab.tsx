import { lazy, Suspense, useMemo } from "react";
import { useShallow } from "zustand/react/shallow";
import { blockers as blockersOf } from "../blockers.ts";
import type { Recipe } from "../../recipe/recipe.ts";
import type { DataSummary, ModelSummary, RunPlan } from "../../workers/protocol.ts";
import { isActive, type Estimate } from "../state.ts";
import { useActions, useApp } from "../use-app.ts";
import { AdvicePanel } from "./AdvicePanel.tsx";
import { BeforeStart } from "./BeforeStart.tsx";
import { previewLines } from "./plan-preview.ts";
import { RunBar } from "./RunBar.tsx";

const ChartGrid = lazy(async () => ({ default: (await import("./ChartGrid.tsx")).ChartGrid }));
const backendNames = { webgpu: "WebGPU", wasm: "Processor", cpu: "Plain JavaScript" } as const;

/** Before the start what will happen; then the bar, the advice and the charts of the run. */
export function TrainingTab({ onStart }: { onStart: () => void }) {
  const { data, earlier, model, textFile, recipe, backend, run, rateSearch, estimate } = useApp(
    useShallow(({ data, earlier, model, textFile, recipe, backend, run, rateSearch, estimate }) => ({
      data,
      earlier,
      model,
      textFile,
      recipe,
      backend,
      run,
      rateSearch,
      estimate,
    })),
  );
  const actions = useActions();
  const blockers = useMemo(
    () => blockersOf({ data, earlier, model, textFile, recipe, rateSearch, estimate }),
    [data, earlier, model, textFile, recipe, rateSearch, estimate],
  );
  const plan = planFor(estimate, recipe, data.summary, model.summary);
  const lines = useMemo(
    () =>
      previewLines(recipe, data.summary, model.summary, { earlier: earlier.summary, textFile: textFile.summary, plan }),
    [recipe, data.summary, model.summary, earlier.summary, textFile.summary, plan],
  );
  const supports = useMemo(() => data.summary?.trainCounts ?? [], [data.summary]);
  const place = backend.info ? `${backendNames[backend.info.backend]} · ${backend.info.adapter}` : "";
  if (run.status === "idle") return <BeforeStart lines={lines} blockers={blockers} place={place} onStart={onStart} />;
  return (
    <>
      <RunBar
        run={run}
        place={place}
        blockers={isActive(run.status) ? [] : blockers}
        onPause={() => void actions.pause()}
        onResume={() => void actions.resume()}
        onStop={() => void actions.stop()}
        onStart={onStart}
      />
      <AdvicePanel run={run} />
      <Suspense fallback={<p style={{ minHeight: 900 }}>The charts are being loaded.</p>}>
        <ChartGrid run={run} supports={supports} />
      </Suspense>
    </>
  );
}

/** The estimate, as long as it is of what would be started now. */
function planFor(
  { plan, of }: Estimate,
  recipe: Recipe,
  data: DataSummary | null,
  model: ModelSummary | null,
): RunPlan | null {
  return of?.recipe === recipe && of.data === data && of.model === model ? plan : null;
}
