/** What the slider of a strength can be set to: 0, which is off, then 1, 2, 5 of each power of ten from 1e2 to 1e8. */
export const strengths: readonly number[] = [
  0,
  ...[2, 3, 4, 5, 6, 7].flatMap((power) => [1, 2, 5].map((digit) => Number(`${digit}e${power}`))),
  1e8,
];

/** The place of the strength nearest to a value, by their ratio; 0 for 0, the last for all beyond it. */
export function placeOf(value: number): number {
  if (value <= 0) return 0;
  const distance = (strength: number) => Math.abs(Math.log(strength / value));
  return strengths.reduce((best, strength, place) => {
    return place > 1 && distance(strength) < distance(strengths[best] ?? NaN) ? place : best;
  }, 1);
}

/** A strength as recipes write it: "off", "1e5". */
export function strengthText(value: number): string {
  return value === 0 ? "off" : value.toExponential().replace("e+", "e");
}
