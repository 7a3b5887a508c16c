/** The nearest rows of each row. */
interface Neighbours {
  /** For each row the places of the nearest, itself first [rows][count]. */
  places: number[][];
  /** Their Euclidean distances [rows][count]. */
  distances: number[][];
}

const AT_ONCE = 4;
/** Rows after which progress is reported. */
const ROWS_AT_ONCE = 256;

/**
 * The `count` nearest rows of each row by Euclidean distance, exactly; of equal distances the earlier row first, and each
 * row itself before all.
 *
 * @param values row-major [rows · width]
 * @param onProgress called now and then with the number of rows whose neighbours are known
 */
export function nearestNeighbours(
  values: Float32Array,
  width: number,
  count: number,
  onProgress: (done: number) => void = () => undefined,
): Neighbours {
  const rows = values.length / width;
  const exact = Float64Array.from(values);
  const squares = Float64Array.from({ length: rows }, (_, row) =>
    exact.subarray(row * width, (row + 1) * width).reduce((sum, one) => sum + one * one, 0),
  );
  const block = new Float64Array(AT_ONCE * rows);
  const found: Neighbours = { places: [], distances: [] };
  for (let start = 0; start < rows; start += AT_ONCE) {
    // At the end rows are computed again, so that a block is always whole.
    const first = Math.max(0, Math.min(start, rows - AT_ONCE));
    multiplyRows(exact, width, first, block);
    for (let row = start; row < Math.min(rows, start + AT_ONCE); row++) {
      const own = block.subarray((row - first) * rows, (row - first + 1) * rows);
      for (let other = 0; other < rows; other++) {
        own[other] = Math.max(0, (squares[row] ?? 0) + (squares[other] ?? 0) - 2 * (own[other] ?? 0));
      }
      own[row] = 0;
      const places = smallest(own, count, row);
      found.places.push(places);
      found.distances.push(places.map((place) => Math.sqrt(own[place] ?? 0)));
    }
    if (start % ROWS_AT_ONCE === 0) onProgress(start);
  }
  onProgress(rows);
  return found;
}

/** Products of four rows from `first` with all rows, into [4 · rows]: what is read of a row is used four times. */
function multiplyRows(values: Float64Array, width: number, first: number, into: Float64Array): void {
  const rows = values.length / width;
  const [one, two, three, four] = [0, 1, 2, 3].map((k) =>
    values.subarray(Math.min(rows - 1, first + k) * width, (Math.min(rows - 1, first + k) + 1) * width),
  );
  if (!one || !two || !three || !four) return;
  for (let other = 0, at = 0; other < rows; other++) {
    let [a, b, c, d] = [0, 0, 0, 0];
    for (let k = 0; k < width; k++, at++) {
      const value = values[at] ?? 0;
      a += value * (one[k] ?? 0);
      b += value * (two[k] ?? 0);
      c += value * (three[k] ?? 0);
      d += value * (four[k] ?? 0);
    }
    into[other] = a;
    into[rows + other] = b;
    into[2 * rows + other] = c;
    into[3 * rows + other] = d;
  }
}

/** Places of the smallest values in their order, after `first`. */
function smallest(values: Float64Array, count: number, first: number): number[] {
  const best: number[] = [];
  let most = Infinity;
  for (let place = 0; place < values.length; place++) {
    const value = values[place] ?? Infinity;
    if (place === first || (value >= most && best.length === count - 1)) continue;
    let at = best.length;
    while (at > 0 && (values[best[at - 1] ?? 0] ?? 0) > value) at--;
    best.splice(at, 0, place);
    if (best.length >= count) best.pop();
    most = values[best.at(-1) ?? 0] ?? Infinity;
  }
  return [first, ...best];
}
