import { memo, useMemo } from "react";
import type { TokenReport } from "../../../tasks/token-classification/metrics.ts";
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

/** More lines than these are hard to tell apart. */
const MOST_TYPES = 8;

/** F1 of the types of entities, over time. */
export const EntityScoresChart = memo(function EntityScoresChart({ run: latest, kind, crosshair, turn }: ChartProps) {
  const run = useTurn(latest, turn);
  const { evaluations, plan, recipe } = run;
  const series = useMemo(() => typeLines(evaluations, kind, drawnPoints), [evaluations, kind]);
  const groups = useMemo(() => groupsOf({ evaluations, plan, recipe }), [evaluations, plan, recipe]);
  const frame = useFrame(run, kind);
  const trend = useMemo(() => trendText(series, "higher", scoreText), [series]);
  return (
    <ChartCard
      title="F1 by type of entity"
      frame={frame}
      series={series}
      full={() => typeLines(latest.evaluations, kind, Infinity)}
      left={scale}
      crosshair={crosshair}
      trend={trend}
      controls={<span>on {groups.map(({ rows }) => rows).join(" and ")}</span>}
    />
  );
});

/** A line for each of the types with the most entities; `most` as in `line-builders.ts`. */
function typeLines(evaluations: readonly EvaluationEvent[], kind: XKind, most: number): Series[] {
  const events = onePerStep(evaluations as readonly EvaluationEvent<TokenReport>[]);
  const supports = new Map<string, number>();
  for (const { report } of events) {
    for (const { type, support } of report.types) supports.set(type, Math.max(support, supports.get(type) ?? 0));
  }
  const shown = [...supports].sort(([, a], [, b]) => b - a).slice(0, MOST_TYPES);
  return shown.map(([name], place) => ({
    ...classStyle(place),
    key: name,
    name,
    weight: "normal",
    axis: "left",
    points: pointsOf(events, kind, most, ({ report }) => report.types.find(({ type }) => type === name)?.f1 ?? NaN),
  }));
}

const { domain, ticks } = niceTicks(0, 1);

const scale: YScale = { label: "F1", domain: [domain[0], 1.03 * domain[1]], ticks, tickText, text: scoreText };
