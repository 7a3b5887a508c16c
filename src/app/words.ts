// Made once, with the page: the first use of a locale takes 20 ms, which would fall to whatever is drawn first.
const whole = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 0 });
const hundredths = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 2 });
whole.format(0);

/** A whole number with separators: 5,572. */
export function count(value: number): string {
  return whole.format(value);
}

/** "1 row", "5,572 rows", "0.5 epochs". */
export function counted(value: number, noun: string): string {
  return `${hundredths.format(value)} ${noun}${value === 1 ? "" : "s"}`;
}

/** A share as percent, with as many digits as it takes not to say 0 or 100 of what is neither: 0.8662 → "87 %". */
export function percent(share: number): string {
  const value = share * 100;
  const edge = (value > 0 && value < 1) || (value > 99 && value < 100);
  const inside = Math.min(99.9, Math.max(0.1, value));
  return `${edge ? inside.toFixed(1) : value.toFixed(0)}\u202f%`;
}

/** Bytes in decimal units, as file managers show them: 45,437,760 → "45 MB". */
export function bytes(value: number): string {
  const units = ["bytes", "kB", "MB", "GB"];
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit > 0 && value < 10 ? value.toFixed(1) : value.toFixed(0)}\u202f${units[unit] ?? ""}`;
}

/** A large number in short: 22,713,216 → "22.7 M". */
export function short(value: number): string {
  if (value >= 1e9) return `${(value / 1e9).toFixed(1)}\u202fG`;
  if (value >= 1e6) return `${(value / 1e6).toFixed(1)}\u202fM`;
  return count(value);
}

/** A duration for people: "under 1 s", "12 s", "3 min", "2 h 5 min". */
export function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 1) return "under 1\u202fs";
  if (seconds < 90) return `${seconds}\u202fs`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes}\u202fmin`;
  return `${Math.floor(minutes / 60)}\u202fh ${minutes % 60}\u202fmin`;
}

/** A number as people write it in recipes: 0.00002 → "2e-5", 0.1 → "0.1". */
export function plainNumber(value: number): string {
  return value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential() : String(value);
}
