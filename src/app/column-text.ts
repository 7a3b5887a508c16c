/** Digits of a float32. */
const MOST_DIGITS = 7;

/**
 * Writes the numbers of one column with as few digits as show that different ones differ, up to the precision of a
 * float32.
 *
 * @param write a number with so many digits; of two numbers the larger is never written as one below the other
 * @param least digits that are always shown
 */
export function columnText(
  values: Iterable<number>,
  write: (value: number, digits: number) => string,
  least: number,
): (value: number) => string {
  const rounded = new Set<number>();
  for (const value of values) if (Number.isFinite(value)) rounded.add(Number(value.toPrecision(MOST_DIGITS)));
  const inOrder = Float64Array.from(rounded).sort();
  let digits = least;
  while (digits < MOST_DIGITS && looksEqual(inOrder, (value) => write(value, digits))) digits++;
  return (value) => write(value, digits);
}

/** Whether two of the numbers are written alike: of numbers in order such two are neighbours. */
function looksEqual(inOrder: Float64Array, write: (value: number) => string): boolean {
  let before: string | null = null;
  for (const value of inOrder) {
    const text = write(value);
    if (text === before) return true;
    before = text;
  }
  return false;
}
