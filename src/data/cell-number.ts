/** A number as tables write it: with a sign, a decimal point or comma, an exponent, or a percent sign. */
const number = /^[-+]?(\d+([.,]\d*)?|[.,]\d+)(e[-+]?\d+)?\s?%?$/i;

/** The value of a cell that holds only a number, else null. */
export function numberOf(cell: string): number | null {
  if (!number.test(cell)) return null;
  return Number(cell.replace(",", ".").replace(/\s?%$/, ""));
}
