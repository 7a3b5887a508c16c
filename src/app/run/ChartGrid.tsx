import { useMemo, useState } from "react";
import { SegmentedControl } from "@mantine/core";
import type { RunState } from "../state.ts";
import { taskOf } from "../run-outcome.ts";
import { chartPanelsOf } from "../tasks/chart-panels.ts";
import { runPanelsOf } from "../tasks/run-panels.ts";
import { createCrosshair } from "./frame.ts";
import { scopePhrase } from "./evaluations.ts";
import { ForgettingChart } from "./ForgettingChart.tsx";
import { LossChart, PretrainChart, MetricsChart, RateChart } from "./RunCharts.tsx";
import type { XKind } from "./moment.ts";
import { useTurn } from "./use-turn.ts";
import styles from "./charts.module.css";

const kinds: { value: XKind; label: string }[] = [
  { value: "step", label: "Steps" },
  { value: "wall", label: "Run time" },
  { value: "training", label: "Training time" },
];

/**
 * All charts of a run over one x axis and one crosshair, and the latest mistakes; above them that of its
 * pretraining, if it has one.
 */
export function ChartGrid({ run, supports }: { run: RunState; supports: number[] }) {
  const [kind, setKind] = useState<XKind>("step");
  const [crosshair] = useState(createCrosshair);
  const [pretrainCrosshair] = useState(createCrosshair);
  const evaluations = useTurn(run.evaluations, 4);
  const latest = useMemo(() => evaluations.at(-1), [evaluations]);
  const task = taskOf(run);
  const { Chart } = chartPanelsOf(task);
  const { Mistakes } = runPanelsOf(task);
  const common = { run, kind, crosshair };
  const choose = (value: string) => {
    for (const one of [crosshair, pretrainCrosshair]) one.setState({ x: null });
    setKind(kinds.find((other) => other.value === value)?.value ?? "step");
  };
  return (
    <div>
      <div className={styles.controls}>
        <span>Charts by</span>
        <SegmentedControl size="xs" data={kinds} value={kind} onChange={choose} aria-label="Charts by" />
      </div>
      {run.recipe !== null && run.recipe.pretrainEpochs > 0 && (
        <div className={styles.first}>
          <PretrainChart run={run} kind={kind} crosshair={pretrainCrosshair} turn={4} />
        </div>
      )}
      <div className={styles.grid}>
        <LossChart {...common} turn={0} />
        <MetricsChart {...common} turn={1} />
        <Chart {...common} turn={2} supports={supports} />
        <RateChart {...common} turn={3} />
      </div>
      {run.earlierTask && (
        <div className={styles.wide}>
          <ForgettingChart {...common} turn={4} />
        </div>
      )}
      <div className={styles.wide}>
        <Mistakes
          report={latest?.report ?? null}
          labelNames={run.labelNames}
          rows={latest ? scopePhrase(latest) : ""}
        />
      </div>
    </div>
  );
}
