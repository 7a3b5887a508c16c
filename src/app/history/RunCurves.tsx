import { NativeSelect, SegmentedControl } from "@mantine/core";
import { useMemo, useState } from "react";
import { figureText } from "../figures.ts";
import { ChartCard } from "../run/ChartCard.tsx";
import { createCrosshair } from "../run/frame.ts";
import type { XKind } from "../run/moment.ts";
import { drawnPoints } from "../run/series.ts";
import { trendText } from "../run/trend.ts";
import { axisLabel, metricScale, valueScale } from "../run/y-scales.ts";
import type { KeptRun } from "./kept-run.ts";
import { commonMetrics, runLines, runsFrame, TRAINING } from "./run-curves.ts";

const kinds = [
  { value: "step", label: "Steps" },
  { value: "epoch", label: "Epochs" },
  { value: "training", label: "Training time" },
] as const satisfies { value: XKind; label: string }[];

/** The curves of several runs over each other, on one chart. */
export function RunCurves({ runs }: { runs: readonly KeptRun[] }) {
  const [wanted, setWanted] = useState("");
  const [kind, setKind] = useState<XKind>("step");
  const [crosshair] = useState(createCrosshair);
  const metrics = useMemo(() => commonMetrics(runs), [runs]);
  const shown =
    wanted === TRAINING || metrics.some(({ key }) => key === wanted) ? wanted : (metrics[0]?.key ?? TRAINING);
  const metric = metrics.find(({ key }) => key === shown);
  const series = useMemo(() => runLines(runs, shown, kind, drawnPoints), [runs, shown, kind]);
  const frame = useMemo(() => runsFrame(series, kind), [series, kind]);
  const scale = metric
    ? metric.kind === "loss"
      ? valueScale(axisLabel(metric), "left", series)
      : metricScale(metric, series)
    : valueScale("training loss", "left", series);
  const missing = runs.filter(({ id }) => !series.some(({ key }) => key.startsWith(id)));
  return (
    <ChartCard
      title="Curves of the chosen runs"
      frame={frame}
      series={series}
      full={() => runLines(runs, shown, kind, Infinity)}
      left={scale}
      crosshair={crosshair}
      trend={trendText(series, metric?.better ?? "lower", metric && metric.kind !== "loss" ? scale.text : figureText)}
      controls={
        <>
          <NativeSelect
            size="xs"
            aria-label="What the curves show"
            value={shown}
            onChange={(event) => setWanted(event.currentTarget.value)}
            data={[
              ...metrics.map(({ key, label }) => ({ value: key, label: `Validation: ${label}` })),
              { value: TRAINING, label: "Training loss, smoothed" },
            ]}
          />
          <SegmentedControl
            size="xs"
            aria-label="Curves by"
            data={[...kinds]}
            value={kind}
            onChange={(value) => setKind(kinds.find((one) => one.value === value)?.value ?? "step")}
          />
        </>
      }
    >
      {missing.length > 0 && (
        <p>
          No such curve of {missing.map(({ name }) => `“${name}”`).join(", ")}: nothing was trained, or not measured so.
        </p>
      )}
    </ChartCard>
  );
}
