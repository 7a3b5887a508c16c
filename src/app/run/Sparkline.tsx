const width = 60;
const height = 18;

/** A score between 0 and 1 over time, without axes; the numbers stand beside it. */
export function Sparkline({ values, color }: { values: readonly number[]; color: string }) {
  const finite = values.filter(Number.isFinite);
  const stride = (width - 2) / Math.max(1, finite.length - 1);
  const points = finite.map(
    (value, i) => `${(1 + i * stride).toFixed(1)},${(1 + (1 - value) * (height - 2)).toFixed(1)}`,
  );
  return (
    <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      <polyline points={points.join(" ")} fill="none" stroke={color} strokeWidth={1.5} />
    </svg>
  );
}
