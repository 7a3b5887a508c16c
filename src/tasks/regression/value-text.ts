/** A number in up to six digits, as a person writes it: "3.2", "0.0125", "150000". */
export function valueText(value: number): string {
  return String(Number(value.toPrecision(6)));
}
