import { togetherOf } from "./groups.ts";
import { createRandom, shuffledIndices } from "./random.ts";
import type { LabelledRows } from "./rows.ts";
import type { TargetReader } from "./targets.ts";

/** Rows that stay together: those of one group, or with equal texts where there is no group column. */
interface Units {
  /** The unit of each row [rows]. */
  of: Int32Array;
  count: number;
}

export function unitsOf(rows: LabelledRows): Units {
  if (rows.groups) return { of: rows.groups.of, count: rows.groups.names.length };
  const { groupOf, count } = togetherOf(rows);
  return { of: groupOf, count };
}

/**
 * The part of each row [rows], so that every part has its share of each stratum as nearly as units allow. Units are laid
 * one after the other, those that hold most of a stratum first, each into the part where strata are then spread most
 * evenly, and of equal ones into that with the fewest rows: scikit-learn's StratifiedGroupKFold, for parts of any shares
 * and for rows of several strata. No part is empty where there are as many units. The same rows and seed give the same
 * parts.
 *
 * @param shares of the parts, together 1
 */
export function stratifiedParts(
  targets: Pick<TargetReader, "strata" | "strataOf">,
  rows: LabelledRows,
  shares: readonly number[],
  seed: number,
): Uint8Array {
  const units = unitsOf(rows);
  const { strata, sizes, totals } = strataOfUnits(targets, rows, units);
  const counts = shares.map(() => new Float64Array(totals.length));
  const rowsOf = new Float64Array(shares.length);
  const partOf = new Uint8Array(units.count);

  /** How much less evenly the strata of a unit are spread with it in this part. */
  const spreadBy = (own: ReadonlyMap<number, number>, part: number): number => {
    let sum = 0;
    for (const [stratum, more] of own) sum += spreadOf(stratum, part, more) - spreadOf(stratum, part, 0);
    return sum / totals.length;
  };
  const spreadOf = (stratum: number, part: number, more: number): number => {
    let [squares, laid] = [0, 0];
    shares.forEach((share, other) => {
      const count = ((counts[other]?.[stratum] ?? 0) + (other === part ? more : 0)) / (totals[stratum] ?? 1);
      squares += count ** 2 / share;
      laid += count;
    });
    return Math.sqrt(Math.max(0, squares - laid ** 2));
  };
  const put = (unit: number, part: number, sign: 1 | -1) => {
    partOf[unit] = part;
    rowsOf[part] = (rowsOf[part] ?? 0) + sign * (sizes[unit] ?? 0);
    const own = counts[part];
    for (const [stratum, more] of strata[unit] ?? []) if (own) own[stratum] = (own[stratum] ?? 0) + sign * more;
  };

  const weights = strata.map((own) => [...own].reduce((sum, [at, more]) => sum + more / (totals[at] ?? 1), 0));
  const order = shuffledIndices(units.count, createRandom(seed)).sort((a, b) => (weights[b] ?? 0) - (weights[a] ?? 0));
  for (const unit of order) {
    let best = { part: 0, spread: Infinity, fill: Infinity };
    shares.forEach((share, part) => {
      const spread = spreadBy(strata[unit] ?? new Map<number, number>(), part);
      const fill = (rowsOf[part] ?? 0) / share;
      const isEqual = Math.abs(spread - best.spread) < 1e-12;
      if (isEqual ? fill < best.fill : spread < best.spread) best = { part, spread, fill };
    });
    put(unit, best.part, 1);
  }
  shares.forEach((_, part) => {
    if (order.some((unit) => partOf[unit] === part)) return;
    // The smallest unit of those with company.
    const moved = order.findLast((unit) => order.filter((other) => partOf[other] === partOf[unit]).length > 1);
    if (moved === undefined) return;
    put(moved, partOf[moved] ?? 0, -1);
    put(moved, part, 1);
  });
  return Uint8Array.from(units.of, (unit) => partOf[unit] ?? 0);
}

/** Number of rows of each stratum in each unit, of all rows, and of all strata. */
function strataOfUnits(
  { strata, strataOf }: Pick<TargetReader, "strata" | "strataOf">,
  rows: LabelledRows,
  units: Units,
) {
  const ofRows = strataOf ? null : strata(rows);
  const sizes = new Int32Array(units.count);
  const ofUnits = Array.from({ length: units.count }, () => new Map<number, number>());
  const totals: number[] = [];
  units.of.forEach((unit, row) => {
    sizes[unit] = (sizes[unit] ?? 0) + 1;
    const own = ofUnits[unit];
    for (const stratum of strataOf?.(rows, row) ?? [ofRows?.[row] ?? 0]) {
      own?.set(stratum, (own.get(stratum) ?? 0) + 1);
      totals[stratum] = (totals[stratum] ?? 0) + 1;
    }
  });
  return { strata: ofUnits, sizes, totals: Float64Array.from(totals, (total = 0) => total) };
}
