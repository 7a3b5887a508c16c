import { memo, useMemo } from "react";
import type { RegressionReport } from "../../../metrics/regression/report.ts";
import type { EvaluationEvent } from "../../../workers/protocol.ts";
import { scoreText, tickText } from "../../figures.ts";
import { niceTicks } from "../../nice-ticks.ts";
import { ChartCard, type ChartProps } from "../../run/ChartCard.tsx";
import { classStyle } from "../../run/class-colors.ts";
import { groupsOf, onePerStep } from "../../run/evaluations.ts";
import { useFrame } from "../../run/frame.ts";
import { pointsOf } from "../../run/line-builders.ts";
import type { XKind } from "../../run/moment.ts";
import { drawnPoints, type Series } from "../../run/series.ts";
import { trendText } from "../../run/trend.ts";
import { useTurn } from "../../run/use-turn.ts";
import type { YScale } from "../../run/y-scales.ts";

const scores: { name: string; of: (report: RegressionReport) => number | null }[] = [
  { name: "Pearson", of: (report) => report.pearson },
  { name: "Spearman", of: (report) => report.spearman },
  { name: "R²", of: (report) => report.r2 },
];

/** How well predicted values follow the true ones, over time. */
export const CorrelationChart = memo(function CorrelationChart({ run: latest, kind, crosshair, turn }: ChartProps) {
  const run = useTurn(latest, turn);
  const { evaluations, plan, recipe } = run;
  const series = useMemo(() => correlationLines(evaluations, kind, drawnPoints), [evaluations, kind]);
  const groups = useMemo(() => groupsOf({ evaluations, plan, recipe }), [evaluations, plan, recipe]);
  const frame = useFrame(run, kind);
  const scale = useMemo(() => correlationScale(series), [series]);
  const trend = useMemo(() => trendText(series, "higher", scoreText), [series]);
  return (
    <ChartCard
      title="Correlation"
      frame={frame}
      series={series}
      full={() => correlationLines(latest.evaluations, kind, Infinity)}
      left={scale}
      crosshair={crosshair}
      trend={trend}
      controls={<span>on {groups.map(({ rows }) => rows).join(" and ")}</span>}
    />
  );
});

/** A line for each score, at every evaluation; `most` as in `line-builders.ts`. */
function correlationLines(evaluations: readonly EvaluationEvent[], kind: XKind, most: number): Series[] {
  const events = onePerStep(evaluations as readonly EvaluationEvent<RegressionReport>[]);
  return scores.map(({ name, of }, place) => ({
    ...classStyle(place),
    key: name,
    name,
    weight: "normal",
    axis: "left",
    points: pointsOf(events, kind, most, ({ report }) => of(report) ?? NaN),
  }));
}

/** From the lowest value, but no lower than −1, to 1: R² may fall far below while nothing is learned. */
export function correlationScale(series: readonly Series[]): YScale {
  const values = series.flatMap(({ points }) => points.map(({ y }) => y)).filter(Number.isFinite);
  const lowest = values.reduce((least, value) => Math.min(least, value), 0);
  const { domain, ticks } = niceTicks(Math.max(-1, lowest), 1);
  const [start, end] = domain;
  return {
    label: "correlation, or share of the variance explained",
    domain: [start, end + 0.03 * (end - start)],
    ticks,
    tickText,
    text: scoreText,
  };
}
