import { togetherOf } from "./groups.ts";
import { Int32List } from "../io/int32-list.ts";
import { createRandom, shuffledIndices } from "./random.ts";
import type { LabelledRows } from "./rows.ts";

/** Row indices of the two parts, each ascending, together all rows. */
interface Split {
  train: Int32Array;
  validation: Int32Array;
}

/**
 * Splits rows at random, stratum by stratum, so that about `share` of each is held out for validation. The same rows,
 * share and seed give the same split. Rows with equal texts stay on one side. A stratum with only one distinct text goes
 * to training; any other has at least one text on each side.
 *
 * @param share within (0, 1)
 * @param strata of each row, from 0 on [rows]
 */
export function splitRows(rows: LabelledRows, share: number, seed: number, strata: Int32Array): Split {
  const { groupOf, count } = togetherOf(rows);
  const sizes = new Int32Array(count);
  for (const group of groupOf) sizes[group] = (sizes[group] ?? 0) + 1;

  const held = new Uint8Array(count);
  const random = createRandom(seed);
  for (const groups of groupsByStratum(strata, groupOf, count)) {
    const order = shuffledIndices(groups.length, random).map((index) => groups[index] ?? 0);
    for (const group of drawGroups(order, sizes, share)) held[group] = 1;
  }
  return partsOf(Uint8Array.from(groupOf, (group) => held[group] ?? 0));
}

/** @param held 1 for each row that is held out [rows] */
export function partsOf(held: Uint8Array): Split {
  const indices = Int32Array.from(held, (_, row) => row);
  return { train: indices.filter((row) => held[row] !== 1), validation: indices.filter((row) => held[row] === 1) };
}

/** The groups of each stratum. A text in several strata counts for the rarest of them, which needs it most. */
function groupsByStratum(strata: Int32Array, groupOf: Int32Array, count: number): Int32Array[] {
  const strataCount = strata.reduce((most, stratum) => Math.max(most, stratum + 1), 0);
  const rowsOf = new Int32Array(strataCount);
  for (const stratum of strata) rowsOf[stratum] = (rowsOf[stratum] ?? 0) + 1;
  const stratumOf = new Int32Array(count).fill(-1);
  for (let row = 0; row < groupOf.length; row++) {
    const group = groupOf[row] ?? 0;
    const stratum = strata[row] ?? 0;
    const current = stratumOf[group] ?? -1;
    if (current === -1 || (rowsOf[stratum] ?? 0) < (rowsOf[current] ?? 0)) stratumOf[group] = stratum;
  }
  const groups = Array.from(rowsOf, () => new Int32List(16));
  stratumOf.forEach((stratum, group) => groups[stratum]?.push(group));
  return groups.map((list) => list.values.subarray(0, list.length));
}

/** Groups from the front of `order` whose rows come closest to the share without going over it; at least one. */
function drawGroups(order: Int32Array, sizes: Int32Array, share: number): number[] {
  if (order.length < 2) return [];
  const sizeOf = (group: number) => sizes[group] ?? 0;
  const target = Math.round(share * order.reduce((rows, group) => rows + sizeOf(group), 0));
  const drawn: number[] = [];
  let rows = 0;
  for (const group of order) {
    if (drawn.length === order.length - 1) break;
    if (rows + sizeOf(group) > target) continue;
    drawn.push(group);
    rows += sizeOf(group);
    if (rows === target) break;
  }
  if (drawn.length > 0) return drawn;
  return [order.reduce((smallest, group) => (sizeOf(group) < sizeOf(smallest) ? group : smallest))];
}
