/**
 * Pearson's correlation of a draw of rows; null where one side does not vary in it.
 *
 * @param times how often each row is in the draw [rows]
 */
export function drawnCorrelation(times: Int32Array, x: Float64Array, y: Float64Array): number | null {
  let count = 0;
  let sumX = 0;
  let sumY = 0;
  let firstX = NaN;
  let firstY = NaN;
  let variesX = false;
  let variesY = false;
  for (let row = 0; row < times.length; row++) {
    const own = times[row] ?? 0;
    if (own === 0) continue;
    const ofX = x[row] ?? NaN;
    const ofY = y[row] ?? NaN;
    if (count === 0) {
      firstX = ofX;
      firstY = ofY;
    }
    variesX ||= ofX !== firstX;
    variesY ||= ofY !== firstY;
    count += own;
    sumX += own * ofX;
    sumY += own * ofY;
  }
  if (!variesX || !variesY) return null;
  const [meanX, meanY] = [sumX / count, sumY / count];
  let xx = 0;
  let yy = 0;
  let xy = 0;
  for (let row = 0; row < times.length; row++) {
    const own = times[row] ?? 0;
    if (own === 0) continue;
    const dx = (x[row] ?? NaN) - meanX;
    const dy = (y[row] ?? NaN) - meanY;
    xx += own * dx * dx;
    yy += own * dy * dy;
    xy += own * dx * dy;
  }
  const correlation = xy / Math.sqrt(xx) / Math.sqrt(yy);
  return Number.isFinite(correlation) ? Math.min(1, Math.max(-1, correlation)) : null;
}

/** Ranks of the rows of draws: the values are sorted once. */
export class DrawnRanks {
  private readonly order: Int32Array;
  private readonly ranks: Float64Array;

  constructor(private readonly values: Float64Array) {
    const { length } = values;
    const valueOf = (row: number) => values[row] ?? NaN;
    this.order = Int32Array.from({ length }, (_, row) => row).sort((a, b) => valueOf(a) - valueOf(b));
    this.ranks = new Float64Array(length);
  }

  /**
   * The rank of each row in the draw, equal values sharing the mean of their ranks; the array is used again.
   *
   * @param times how often each row is in the draw [rows]
   */
  of(times: Int32Array): Float64Array {
    const { order, values, ranks } = this;
    let before = 0;
    for (let first = 0; first < order.length;) {
      const value = values[order[first] ?? 0];
      let end = first;
      let tied = 0;
      while (end < order.length && (end === first || values[order[end] ?? 0] === value)) {
        tied += times[order[end] ?? 0] ?? 0;
        end++;
      }
      for (let place = first; place < end; place++) ranks[order[place] ?? 0] = before + (tied + 1) / 2;
      before += tied;
      first = end;
    }
    return ranks;
  }
}
