/** How a DeBERTa's distances are put into rows of its table of positions. */
interface PositionTable {
  /** Distances to each side that have rows of their own, and logarithmic shares; 0 where distances are not shared. */
  buckets: number;
  /** The distance from which on all share the last row. */
  most: number;
}

/** Rows to each side. */
export const sideOf = ({ buckets, most }: PositionTable): number => (buckets > 0 ? buckets : most);

/** The row of a distance, query − key (He et al. 2021). */
export function rowOf(distance: number, table: PositionTable): number {
  const side = sideOf(table);
  const bucket = table.buckets > 0 ? logBucket(distance, table) : distance;
  return Math.max(0, Math.min(2 * side - 1, bucket + side));
}

/** The nearer half of the buckets are distances one by one, further ones share them by logarithm, in float32. */
function logBucket(distance: number, { buckets, most }: PositionTable): number {
  const near = Math.floor(buckets / 2);
  const away = Math.abs(distance);
  if (away <= near) return distance;
  const logarithm = Math.fround(Math.log(Math.fround(away / near)));
  const span = Math.fround(Math.log(Math.fround((most - 1) / near)));
  const share = Math.fround(Math.fround(logarithm / span) * (near - 1));
  return Math.sign(distance) * (Math.ceil(share) + near);
}
