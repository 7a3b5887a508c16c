import type { ReactNode } from "react";

const size = 320;
const inset = { left: 46, right: 10, top: 18, bottom: 34 };
const ticks = [0, 0.2, 0.4, 0.6, 0.8, 1];

interface UnitPlotProps {
  /** The plot in words. */
  label: string;
  axes: { x: string; y: string };
  /** Whether a dashed line marks where both are equal. */
  diagonal?: boolean;
  /** What is drawn, given the places of values from 0 to 1. */
  children: (x: (value: number) => number, y: (value: number) => number) => ReactNode;
}

/** A plot of shares over shares. */
export function UnitPlot({ label, axes, diagonal = false, children }: UnitPlotProps) {
  const x = (value: number) => inset.left + value * (size - inset.left - inset.right);
  const y = (value: number) => size - inset.bottom - value * (size - inset.top - inset.bottom);
  const ink = { fontSize: 11, fill: "var(--quiet)" };
  return (
    <svg viewBox={`0 0 ${size} ${size}`} width="100%" style={{ maxWidth: 400 }} role="img" aria-label={label}>
      {ticks.map((tick) => (
        <g key={tick}>
          <line x1={x(0)} x2={x(1)} y1={y(tick)} y2={y(tick)} stroke="var(--hairline)" />
          <line x1={x(tick)} x2={x(tick)} y1={y(0)} y2={y(1)} stroke="var(--hairline)" />
          <text x={inset.left - 6} y={y(tick) + 4} textAnchor="end" {...ink}>
            {tick}
          </text>
          <text x={x(tick)} y={size - inset.bottom + 14} textAnchor="middle" {...ink}>
            {tick}
          </text>
        </g>
      ))}
      {diagonal && <line x1={x(0)} x2={x(1)} y1={y(0)} y2={y(1)} stroke="var(--cut)" strokeDasharray="5 3" />}
      <text x={2} y={11} {...ink}>
        {axes.y}
      </text>
      <text x={size - inset.right} y={size - 4} textAnchor="end" {...ink}>
        {axes.x}
      </text>
      {children(x, y)}
    </svg>
  );
}
