/**
 * Probabilities of each row.
 *
 * @param logits row-major [rows, classes], any finite values
 * @returns row-major [rows, classes]; each row sums to 1 up to float32 rounding
 * @throws RangeError when the length of `logits` is no multiple of `classes`
 */
export function softmax(logits: Float32Array, classes: number): Float32Array {
  const rows = rowsOf(logits, classes);
  const probabilities = new Float32Array(logits.length);
  for (let row = 0; row < rows; row++) {
    const z = logits.subarray(row * classes, (row + 1) * classes);
    const logSum = logSumExp(z);
    for (let k = 0; k < classes; k++) probabilities[row * classes + k] = Math.exp((z[k] ?? 0) - logSum);
  }
  return probabilities;
}

/** log(sum(exp(z))), shifted by the largest value so that no exponential overflows. */
export function logSumExp(z: Float32Array | Float64Array): number {
  // Counted loops: those over an iterator take half as long again, which counts with thousands of classes.
  let largest = -Infinity;
  for (let k = 0; k < z.length; k++) largest = (z[k] ?? NaN) > largest ? (z[k] ?? NaN) : largest;
  let sum = 0;
  for (let k = 0; k < z.length; k++) sum += Math.exp((z[k] ?? NaN) - largest);
  return largest + Math.log(sum);
}

/** Index of the largest value; of equal ones the first, as numpy's argmax. */
export function argmax(z: ArrayLike<number>): number {
  let best = 0;
  for (let k = 1; k < z.length; k++) if ((z[k] ?? -Infinity) > (z[best] ?? -Infinity)) best = k;
  return best;
}

/** A label drawn from probabilities: `uniform` is in [0, 1). */
export function drawnLabel(probabilities: ArrayLike<number>, uniform: number): number {
  let below = 0;
  for (let label = 0; label < probabilities.length; label++) {
    below += probabilities[label] ?? 0;
    if (uniform < below) return label;
  }
  return probabilities.length - 1;
}

/**
 * For each row of logits a label drawn from its probabilities.
 *
 * @param logits row-major [rows, classes]
 * @param random in [0, 1), called once a row
 */
export function drawnLabels(logits: Float32Array, classes: number, random: () => number): Int32Array {
  const all = softmax(logits, classes);
  const ofRow = (row: number) => all.subarray(row * classes, (row + 1) * classes);
  return Int32Array.from({ length: all.length / classes }, (_, row) => drawnLabel(ofRow(row), random()));
}

/** Number of rows of a row-major `[rows, classes]` array; throws a RangeError when it does not divide. */
export function rowsOf(values: Float32Array | Float64Array, classes: number): number {
  if (classes < 1 || values.length % classes !== 0) {
    throw new RangeError(`${values.length} values are not rows of ${classes} classes.`);
  }
  return values.length / classes;
}
