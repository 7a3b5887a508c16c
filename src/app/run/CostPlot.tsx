import type { ThresholdFigures } from "../../metrics/ranking/costs.ts";
import { niceTicks } from "../nice-ticks.ts";

const [width, height] = [400, 240];
const inset = { left: 56, right: 12, top: 20, bottom: 34 };
const shares = [0, 0.2, 0.4, 0.6, 0.8, 1];

interface CostPlotProps {
  /** By threshold, ascending. */
  curve: readonly ThresholdFigures[];
  least: ThresholdFigures;
  /** Where the slider is. */
  threshold: number;
  /** The plot in words. */
  label: string;
}

/** The cost over the threshold: the least one is a ring, and a line is where the slider is. */
export function CostPlot({ curve, least, threshold, label }: CostPlotProps) {
  const { domain, ticks, text } = niceTicks(0, Math.max(...curve.map(({ cost }) => cost), least.cost));
  const [, most] = domain;
  const x = (value: number) => inset.left + value * (width - inset.left - inset.right);
  const y = (value: number) => height - inset.bottom - (value / most) * (height - inset.top - inset.bottom);
  const ink = { fontSize: 11, fill: "var(--quiet)" };
  return (
    <svg viewBox={`0 0 ${width} ${height}`} width="100%" style={{ maxWidth: 480 }} role="img" aria-label={label}>
      {ticks.map((tick) => (
        <g key={tick}>
          <line x1={x(0)} x2={x(1)} y1={y(tick)} y2={y(tick)} stroke="var(--hairline)" />
          <text x={inset.left - 6} y={y(tick) + 4} textAnchor="end" {...ink}>
            {text(tick)}
          </text>
        </g>
      ))}
      {shares.map((tick) => (
        <text key={tick} x={x(tick)} y={height - inset.bottom + 14} textAnchor="middle" {...ink}>
          {tick}
        </text>
      ))}
      <text x={2} y={11} {...ink}>
        cost per row
      </text>
      <text x={width - inset.right} y={height - 4} textAnchor="end" {...ink}>
        threshold
      </text>
      <line x1={x(threshold)} x2={x(threshold)} y1={y(0)} y2={y(most)} stroke="var(--cut)" strokeDasharray="5 3" />
      <polyline
        points={curve.map(({ threshold: at, cost }) => `${x(at)},${y(cost)}`).join(" ")}
        fill="none"
        stroke="var(--bar)"
        strokeWidth={2}
      />
      <circle
        cx={x(least.threshold)}
        cy={y(least.cost)}
        r={5}
        fill="var(--sheet)"
        stroke="var(--bar)"
        strokeWidth={2}
      />
    </svg>
  );
}
