/** A loss or a norm: three significant digits, "0.0123", "1.24", "1.2e+9". */
export function figure(value: number): string {
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e5 || size < 1e-4) return value.toExponential(1);
  return size >= 100 ? value.toFixed(0) : Number(value.toPrecision(3)).toString();
}

/** A score from 0 to 1 in three decimals: "0.873". */
export function score(value: number): string {
  return value.toFixed(3);
}
