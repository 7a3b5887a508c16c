import { counted } from "../recipe/wording.ts";
import { togetherOf } from "./groups.ts";
import type { LabelledRows } from "./rows.ts";
import { partsOf, splitRows } from "./split.ts";
import { stratifiedParts } from "./stratified-parts.ts";
import type { Finding } from "./summary.ts";
import type { TargetReader } from "./targets.ts";

/** Rows of the two parts, each ascending, and what a person should know of how they were split. */
interface HeldOut {
  train: Int32Array;
  validation: Int32Array;
  findings: Finding[];
}

/**
 * Splits rows for a run. With a time column the latest rows are held out, those of one time on one side; with a group
 * column whole groups, which are stratified as far as they allow; else rows as their task wants it. Training rows whose
 * group or text is held out as well are then left out, so that no score is of what was learned by heart.
 *
 * @param share of the rows that is held out, within (0, 1)
 */
export function holdOutRows(targets: TargetReader, rows: LabelledRows, share: number, seed: number): HeldOut {
  if (rows.times) return latestOf(rows, rows.times, share);
  if (rows.groups) {
    if (rows.groups.names.length < 2) return nothingOf(rows, "group", "Choose another group column");
    const parts = stratifiedParts(targets, rows, [1 - share, share], seed);
    return withoutCopies(rows, partsOf(parts), []);
  }
  const held = targets.holdOut?.(rows, share, seed);
  return { ...(held ? partsOf(held) : splitRows(rows, share, seed, targets.strata(rows))), findings: [] };
}

/** The latest rows, from the moment on at which the share is met most nearly; rows without a time are trained on. */
function latestOf(rows: LabelledRows, times: Float64Array, share: number): HeldOut {
  const sorted = times.filter((time) => !Number.isNaN(time)).sort();
  const unread = unreadTimes(rows, times);
  const [first] = sorted;
  if (first === undefined || first === sorted.at(-1)) return nothingOf(rows, "time", "Choose another time column");
  let [start, least] = [NaN, Infinity];
  for (let at = 1; at < sorted.length; at++) {
    if (sorted[at] === sorted[at - 1]) continue;
    const miss = Math.abs(sorted.length - at - share * rows.texts.length);
    if (miss < least) [start, least] = [sorted[at] ?? NaN, miss];
  }
  const held = Uint8Array.from(times, (time) => (time >= start ? 1 : 0));
  return withoutCopies(rows, partsOf(held), unread);
}

function unreadTimes({ tableRows }: LabelledRows, times: Float64Array): Finding[] {
  const unread = Array.from(times.keys()).filter((row) => Number.isNaN(times[row]));
  if (unread.length === 0) return [];
  return [
    {
      id: "unread-times",
      severity: "warning",
      text: `${counted(unread.length, "row has", "rows have")} no time that can be read and ${unread.length === 1 ? "is" : "are"} trained on.`,
      remedy: "Write times as 2024-12-31 or 2024-12-31 23:59, or as numbers.",
      tableRows: unread.slice(0, 20).map((row) => tableRows[row] ?? 0),
    },
  ];
}

/** The parts without training rows that have the group or the text of a row that is held out. */
export function withoutCopies(
  rows: LabelledRows,
  { train, validation }: { train: Int32Array; validation: Int32Array },
  findings: Finding[],
): HeldOut {
  const { groupOf } = togetherOf(rows);
  const texts = new Set(Array.from(validation, (row) => groupOf[row]));
  const groups = new Set(Array.from(validation, (row) => rows.groups?.of[row]));
  const isCopy = (row: number) => texts.has(groupOf[row]) || (rows.groups && groups.has(rows.groups.of[row]));
  const left = train.filter((row) => !isCopy(row));
  const leaked = train.filter(isCopy);
  if (leaked.length === 0) return { train, validation, findings };
  const finding: Finding = {
    id: "left-out-copies",
    severity: left.length === 0 ? "blocking" : 2 * left.length < train.length ? "warning" : "note",
    text: `${counted(leaked.length, "row")} with the text${rows.groups ? " or the group" : ""} of a row that is held out ${leaked.length === 1 ? "is" : "are"} not trained on.`,
    remedy:
      2 * left.length < train.length && rows.times && rows.groups
        ? "Split by the group column or by the time column alone: most groups have rows of all times."
        : "",
    tableRows: Array.from(leaked.subarray(0, 20), (row) => rows.tableRows[row] ?? 0),
  };
  return { train: left, validation, findings: [...findings, finding] };
}

function nothingOf(rows: LabelledRows, what: "group" | "time", remedy: string): HeldOut {
  const all = Int32Array.from(rows.texts.length === 0 ? [] : rows.tableRows.keys());
  return {
    train: all,
    validation: new Int32Array(0),
    findings: [
      {
        id: what === "group" ? "one-group" : "one-time",
        severity: "blocking",
        text: `Fewer than two different ${what}s are in the ${what} column, so that no rows can be held out by it.`,
        remedy: `${remedy}, or none.`,
        tableRows: [],
      },
    ],
  };
}
