import { memo, useMemo, useState } from "react";
import { Slider } from "@mantine/core";
import type { RunState } from "../state.ts";
import { ChartCard } from "./ChartCard.tsx";
import type { ChartProps } from "./chart-props.ts";
import { groupsOf } from "./evaluations.ts";
import { figureText, tickText } from "./figures.ts";
import { lossLines } from "./line-builders.ts";
import type { XKind } from "./moment.ts";
import type { YScale } from "./Plot.tsx";
import { drawnPoints } from "./series.ts";
import { trendText } from "./trend.ts";
import { useFrame } from "./use-frame.ts";
import { useTurn } from "./use-turn.ts";

const scale: YScale = { label: "loss (natural log)", domain: [0, "auto"], ticks: null, tickText, text: figureText };

/** Training loss, raw and smoothed, and validation loss. */
export const LossChart = memo(function LossChart({ run: latest, kind, crosshair, turn }: ChartProps) {
  const run = useTurn(latest, turn);
  const [smoothing, setSmoothing] = useState(1);
  const weight = weightOf(smoothing);
  const series = useMemo(() => lines(run, kind, weight, drawnPoints), [run, kind, weight]);
  const frame = useFrame(run, kind);
  const trend = useMemo(() => trendText(series.slice(1), "lower", figureText), [series]);
  return (
    <ChartCard
      title="Loss"
      frame={frame}
      series={series}
      full={() => lines(latest, kind, weight, Infinity)}
      left={scale}
      crosshair={crosshair}
      trend={trend}
      controls={
        <>
          <span id="smoothing-label">Smoothing</span>
          <Slider
            w={140}
            size="sm"
            min={0}
            max={3}
            step={0.1}
            value={smoothing}
            onChange={setSmoothing}
            label={(value) => weightText(weightOf(value))}
            thumbProps={{ "aria-labelledby": "smoothing-label" }}
            thumbValueText={weightText(weight)}
          />
          <span style={{ fontVariantNumeric: "tabular-nums" }}>{weightText(weight)}</span>
        </>
      }
    />
  );
});

/** The slider's place as the weight of the average: 0, 1, 2, 3 are 0, 0.9, 0.99, 0.999, which is how lengths of runs differ. */
function weightOf(smoothing: number): number {
  return 1 - 10 ** -smoothing;
}

function weightText(weight: number): string {
  return weight.toFixed(3);
}

function lines(run: RunState, kind: XKind, weight: number, most: number) {
  return lossLines(run.steps, groupsOf(run), kind, weight, most);
}
