import { niceTicks } from "../../nice-ticks.ts";

const size = 320;
const inset = { left: 46, right: 10, top: 18, bottom: 34 };

interface ScatterProps {
  points: readonly (readonly [truth: number, predicted: number])[];
  /** The plot in words. */
  label: string;
}

/** Predicted values over true ones, on the same scale; on the line both are equal. */
export function Scatter({ points, label }: ScatterProps) {
  const values = points.flat().filter(Number.isFinite);
  const { domain, ticks, text } = niceTicks(
    values.reduce((least, value) => Math.min(least, value), Infinity),
    values.reduce((most, value) => Math.max(most, value), -Infinity),
    5,
  );
  const [low, high] = domain;
  const share = (value: number) => (value - low) / (high - low);
  const x = (value: number) => inset.left + share(value) * (size - inset.left - inset.right);
  const y = (value: number) => size - inset.bottom - share(value) * (size - inset.top - inset.bottom);
  const ink = { fontSize: 11, fill: "var(--quiet)" };
  return (
    <svg viewBox={`0 0 ${size} ${size}`} width="100%" style={{ maxWidth: 400 }} role="img" aria-label={label}>
      {ticks.map((tick) => (
        <g key={tick}>
          <line x1={x(low)} x2={x(high)} y1={y(tick)} y2={y(tick)} stroke="var(--hairline)" />
          <line x1={x(tick)} x2={x(tick)} y1={y(low)} y2={y(high)} stroke="var(--hairline)" />
          <text x={inset.left - 6} y={y(tick) + 4} textAnchor="end" {...ink}>
            {text(tick)}
          </text>
          <text x={x(tick)} y={size - inset.bottom + 14} textAnchor="middle" {...ink}>
            {text(tick)}
          </text>
        </g>
      ))}
      <line x1={x(low)} x2={x(high)} y1={y(low)} y2={y(high)} stroke="var(--cut)" strokeDasharray="5 3" />
      <text x={2} y={11} {...ink}>
        predicted
      </text>
      <text x={size - inset.right} y={size - 4} textAnchor="end" {...ink}>
        true
      </text>
      {points.map(([truth, predicted], place) =>
        Number.isFinite(truth) && Number.isFinite(predicted) ? (
          // Points are identified by their place and never move.
          <circle key={place} cx={x(truth)} cy={y(predicted)} r={3} fill="var(--bar)" fillOpacity={0.55} />
        ) : null,
      )}
    </svg>
  );
}
