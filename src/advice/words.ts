/** A loss or a norm: three significant digits, "0.0123", "1.24", "1.2e+9". */
export function figure(value: number): string {
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e5 || size < 1e-4) return value.toExponential(1);
  return size >= 100 ? value.toFixed(0) : Number(value.toPrecision(3)).toString();
}

/** A share as percent: 0.123 → "12 %", 0.004 → "0.4 %". */
export function percent(share: number): string {
  const value = share * 100;
  const edge = (value > 0 && value < 1) || (value > 99 && value < 100);
  return `${edge ? Math.min(99.9, Math.max(0.1, value)).toFixed(1) : value.toFixed(0)}\u202f%`;
}

/** A rate as recipes write it: 0.00002 → "2e-5". */
export function rateText(rate: number): string {
  return rate < 1e-3 ? rate.toExponential() : String(rate);
}

/** "3 evaluations", "1 step". */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count.toLocaleString("en-GB")} ${count === 1 ? noun : plural}`;
}

/** A score from 0 to 1 in three decimals: "0.873". */
export function score(value: number): string {
  return value.toFixed(3);
}
