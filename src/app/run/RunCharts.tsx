import { Slider, Switch } from "@mantine/core";
import { memo, useMemo, useState, useId } from "react";
import { figureText } from "../figures.ts";
import { textTask } from "../../tasks/registry.ts";
import { leadingMetrics } from "../../tasks/task.ts";
import { taskOf } from "../run-outcome.ts";
import type { RunState } from "../state.ts";
import { ChartCard, type ChartProps } from "./ChartCard.tsx";
import { groupsOf, type EvaluatedRun } from "./evaluations.ts";
import { useFrame, pretrainFrameOf, useSteady } from "./frame.ts";
import { lossLines, pretrainLines, baselineLine, metricLines, rateLines } from "./line-builders.ts";
import type { XKind } from "./moment.ts";
import { drawnPoints } from "./series.ts";
import { trendText } from "./trend.ts";
import { useTurn } from "./use-turn.ts";
import { axisLabel, metricScale, valueScale } from "./y-scales.ts";

/** Training loss, raw and smoothed, and validation loss of the fine-tuning. */
export const LossChart = memo(function LossChart({ run: latest, kind, crosshair, turn }: ChartProps) {
  const run = useTurn(latest, turn);
  const [smoothing, setSmoothing] = useState(1);
  const weight = smoothingWeight(smoothing);
  const series = useMemo(() => lossLinesOf(run, kind, weight, drawnPoints), [run, kind, weight]);
  const frame = useFrame(run, kind);
  const { loss } = taskOf(run);
  const scale = useMemo(() => valueScale(axisLabel(loss), "left", series), [loss, series]);
  const trend = useMemo(() => trendText(series.slice(1), "lower", figureText), [series]);
  return (
    <ChartCard
      title="Loss"
      frame={frame}
      series={series}
      full={() => lossLinesOf(latest, kind, weight, Infinity)}
      left={scale}
      crosshair={crosshair}
      trend={trend}
      controls={<SmoothingSlider value={smoothing} onChange={setSmoothing} />}
    />
  );
});

function lossLinesOf(run: RunState, kind: XKind, weight: number, most: number) {
  return lossLines(run.steps, groupsOf(run), kind, weight, most, taskOf(run));
}

/** Loss of continued pretraining on texts, raw and smoothed, and on held-out ones; over steps and with a crosshair of its own. */
export const PretrainChart = memo(function PretrainChart({ run, kind, crosshair, turn }: ChartProps) {
  const { pretraining } = run;
  const [smoothing, setSmoothing] = useState(1);
  // The array is appended in place, so its length tells whether there is anything new to draw.
  const count = useTurn(pretraining.length, turn);
  const weight = smoothingWeight(smoothing);
  const events = useMemo(() => pretraining.slice(0, count), [pretraining, count]);
  const series = useMemo(() => pretrainLines(events, kind, weight, drawnPoints, textTask), [events, kind, weight]);
  const frame = useSteady(useMemo(() => pretrainFrameOf(events, kind), [events, kind]));
  const scale = useMemo(() => valueScale(axisLabel(textTask.loss), "left", series), [series]);
  const trend = useMemo(() => trendText(series.slice(1), "lower", figureText), [series]);
  return (
    <ChartCard
      title="Pretraining loss"
      frame={frame}
      series={series}
      full={() => pretrainLines(pretraining, kind, weight, Infinity, textTask)}
      left={scale}
      crosshair={crosshair}
      trend={trend}
      controls={<SmoothingSlider value={smoothing} onChange={setSmoothing} />}
    />
  );
});

interface SmoothingSliderProps {
  /** From 0 to 3, see `smoothingWeight`. */
  value: number;
  onChange: (value: number) => void;
}

/** Sets how much a loss is smoothed. */
function SmoothingSlider({ value, onChange }: SmoothingSliderProps) {
  const label = useId();
  const text = (place: number) => smoothingWeight(place).toFixed(3);
  return (
    <>
      <span id={label}>Smoothing</span>
      <Slider
        w={140}
        size="sm"
        min={0}
        max={3}
        step={0.1}
        value={value}
        onChange={onChange}
        label={text}
        thumbProps={{ "aria-labelledby": label, "aria-valuetext": text(value) }}
      />
      <span style={{ fontVariantNumeric: "tabular-nums" }}>{text(value)}</span>
    </>
  );
}

/**
 * The weight of the average at a position of the slider: 0, 1, 2, 3 give 0, 0.9, 0.99, 0.999, since runs differ in
 * length by powers of ten.
 */
function smoothingWeight(place: number): number {
  return 1 - 10 ** -place;
}

/** The metrics that the task leads with, e.g. validation accuracy and macro F1. */
export const MetricsChart = memo(function MetricsChart({ run: latest, kind, crosshair, turn }: ChartProps) {
  const run = useTurn(latest, turn);
  const [zoomed, setZoomed] = useState(false);
  const { evaluations, plan, recipe, baseline } = run;
  const series = useMemo(
    () => metricLinesOf({ evaluations, plan, recipe, baseline }, kind, drawnPoints),
    [evaluations, plan, recipe, baseline, kind],
  );
  const frame = useFrame(run, kind);
  const [first] = leadingMetrics(taskOf(run));
  const isLoss = first.kind === "loss";
  const label = first.kind === "share" ? "share of validation rows" : "score on validation rows";
  const scale = useMemo(
    () => metricScale(first, series, { zoomed, ...(!isLoss && { label }) }),
    [first, isLoss, label, zoomed, series],
  );
  const trend = useMemo(() => trendText(series, first.better, scale.text), [first, scale, series]);
  return (
    <ChartCard
      title={first.label}
      frame={frame}
      series={series}
      full={() => metricLinesOf(latest, kind, Infinity)}
      left={scale}
      crosshair={crosshair}
      trend={trend}
      controls={
        !isLoss && (
          <Switch size="xs" label="Zoom in" checked={zoomed} onChange={(e) => setZoomed(e.currentTarget.checked)} />
        )
      }
    />
  );
});

function metricLinesOf(run: EvaluatedRun & Pick<RunState, "baseline">, kind: XKind, most: number) {
  const lines = metricLines(groupsOf(run), kind, most, taskOf(run));
  return [...lines, ...baselineLine(run.baseline, lines, kind, taskOf(run))];
}

/** Learning rate and gradient norm, on an axis each. */
export const RateChart = memo(function RateChart({ run: latest, kind, crosshair, turn }: ChartProps) {
  const run = useTurn(latest, turn);
  const series = useMemo(() => rateLines(run.steps, kind, drawnPoints), [run, kind]);
  const frame = useFrame(run, kind);
  const rate = useMemo(() => valueScale("learning rate", "left", series), [series]);
  const norm = useMemo(() => valueScale("gradient norm (L2, before clipping)", "right", series), [series]);
  const trend = useMemo(() => trendText(series, "neither", figureText), [series]);
  return (
    <ChartCard
      title="Rate and gradient"
      frame={frame}
      series={series}
      full={() => rateLines(latest.steps, kind, Infinity)}
      left={rate}
      right={norm}
      crosshair={crosshair}
      trend={trend}
    />
  );
});
