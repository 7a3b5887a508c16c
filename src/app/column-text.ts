/** Digits of a float32. */
const MOST_DIGITS = 7;

/**
 * Writes the numbers of one column with as few digits as show that different ones differ, up to the precision of a
 * float32.
 *
 * @param write a number with so many digits
 * @param least digits that are always shown
 */
export function columnText(
  values: Iterable<number>,
  write: (value: number, digits: number) => string,
  least: number,
): (value: number) => string {
  const different = [
    ...new Set([...values].filter(Number.isFinite).map((value) => Number(value.toPrecision(MOST_DIGITS)))),
  ];
  let digits = least;
  while (digits < MOST_DIGITS && new Set(different.map((value) => write(value, digits))).size < different.length)
    digits++;
  return (value) => write(value, digits);
}
