import { Problem } from "../problem/problem.ts";
import { counted } from "../recipe/wording.ts";
import { withoutCopies } from "./hold-out.ts";
import { hasClasses } from "./row-labels.ts";
import type { LabelledRows } from "./rows.ts";
import { partsOf } from "./split.ts";
import { stratifiedParts, unitsOf } from "./stratified-parts.ts";
import type { TargetReader } from "./targets.ts";

/** One fold of a cross-validation. */
export interface Fold {
  /** Its repeat, counted from 1. */
  repeat: number;
  /** Its place within the repeat, from 1. */
  fold: number;
  /** Rows that are trained on, and those that are scored, each ascending. */
  train: Int32Array;
  held: Int32Array;
}

/** How rows are laid into folds. */
interface FoldChoice {
  folds: number;
  /** Each repeat lays the rows anew, by the seed. */
  repeats: number;
  seed: number;
}

const MOST_FOLDS = 100;

/**
 * The folds of a cross-validation, repeat by repeat. Each row is scored once in a repeat, except by time. Folds are
 * stratified, of whole groups where there is a group column, and rows with equal texts share a fold. With a time column
 * the window expands: each fold is trained on all that is older than what it scores, and the oldest rows are never scored
 * (scikit-learn's TimeSeriesSplit). Throws a Problem where the rows are too few for so many folds.
 */
export function foldsOf(
  targets: Pick<TargetReader, "strata" | "strataOf" | "lacks">,
  rows: LabelledRows,
  { folds, repeats, seed }: FoldChoice,
): Fold[] {
  checkChoice(folds, repeats, rows);
  const all = Array.from({ length: repeats }, (_, repeat) => {
    const parts = rows.times
      ? expandingWindow(rows, rows.times, folds)
      : stratifiedFolds(targets, rows, folds, seed + repeat);
    return parts.map(({ train, validation: held }, fold) => ({ repeat: repeat + 1, fold: fold + 1, train, held }));
  }).flat();
  const empty = all.find(({ train }) => train.length === 0);
  if (empty) throw tooFew(`nothing is left to train on in fold ${empty.fold}`, "Take fewer folds, or another column.");
  return all;
}

function checkChoice(folds: number, repeats: number, rows: LabelledRows): void {
  const isCount = (count: number, from: number) => Number.isInteger(count) && count >= from && count <= MOST_FOLDS;
  if (!isCount(folds, 2)) {
    throw new Problem({
      found: `${folds} folds were asked for.`,
      expected: `A whole number from 2 to ${MOST_FOLDS} was expected.`,
      remedy: "Take 5 or 10 folds.",
    });
  }
  if (!isCount(repeats, 1)) {
    throw new Problem({
      found: `${repeats} repeats were asked for.`,
      expected: `A whole number from 1 to ${MOST_FOLDS} was expected.`,
      remedy: "Take 1, or 3 for a narrower interval.",
    });
  }
  if (rows.times && repeats > 1) {
    throw new Problem({
      found: `${repeats} repeats of folds by time were asked for.`,
      expected: "Folds by time are the same in each repeat.",
      remedy: "Leave the repeats out, or the time column.",
    });
  }
}

function stratifiedFolds(
  targets: Pick<TargetReader, "strata" | "strataOf">,
  rows: LabelledRows,
  folds: number,
  seed: number,
) {
  const { count } = unitsOf(rows);
  const what = rows.groups ? counted(count, "group") : counted(count, "different text");
  if (count < folds)
    throw tooFew(`there ${count === 1 ? "is" : "are"} ${what} for ${folds} folds`, `Take at most ${count}.`);
  if (!rows.groups && hasClasses(rows)) checkClasses(rows, folds);
  const part = stratifiedParts(targets, rows, new Array<number>(folds).fill(1 / folds), seed);
  return Array.from({ length: folds }, (_, fold) =>
    withoutCopies(rows, partsOf(Uint8Array.from(part, (own) => (own === fold ? 1 : 0))), []),
  );
}

/** Each class must stand in each fold, so that all folds score it. */
function checkClasses(rows: LabelledRows, folds: number): void {
  const { of } = unitsOf(rows);
  const texts = rows.labelNames.map(() => new Set<number>());
  rows.labels.forEach((label, row) => texts[label]?.add(of[row] ?? 0));
  const smallest = texts.reduce((least, own, label) => (own.size < (texts[least]?.size ?? 0) ? label : least), 0);
  const size = texts[smallest]?.size ?? 0;
  if (size >= folds) return;
  throw tooFew(
    `the class “${rows.labelNames[smallest] ?? ""}” has ${counted(size, "different text")} for ${folds} folds`,
    size >= 2 ? `Take at most ${size} folds, or merge or drop small classes.` : "Merge or drop small classes.",
  );
}

function expandingWindow(rows: LabelledRows, times: Float64Array, folds: number) {
  const order = Array.from(times.keys()).filter((row) => !Number.isNaN(times[row]));
  order.sort((a, b) => (times[a] ?? 0) - (times[b] ?? 0));
  const isStart = (at: number) => at > 0 && times[order[at] ?? -1] !== times[order[at - 1] ?? -1];
  // Each block begins where a new time begins, nearest to its even share.
  const starts: number[] = [];
  for (let block = 1; block <= folds; block++) {
    const even = (block * order.length) / (folds + 1);
    let best = -1;
    for (let at = (starts.at(-1) ?? 0) + 1; at < order.length; at++) {
      if (isStart(at) && (best < 0 || Math.abs(at - even) < Math.abs(best - even))) best = at;
      if (at > even && best >= 0) break;
    }
    if (best < 0) {
      const distinct = new Set(order.map((row) => times[row])).size;
      throw tooFew(`${counted(distinct, "different time")} cannot make ${folds} folds`, "Take fewer folds.");
    }
    starts.push(best);
  }
  return starts.map((start, i) => {
    const held = new Uint8Array(times.length);
    for (const row of order.slice(start, starts[i + 1])) held[row] = 1;
    const newer = new Set(order.slice(starts[i + 1] ?? order.length));
    const { train, validation } = partsOf(held);
    // Rows without a time are as old as any.
    return withoutCopies(rows, { train: train.filter((row) => !newer.has(row)), validation }, []);
  });
}

function tooFew(found: string, remedy: string): Problem {
  return new Problem({
    found: `The rows are too few for these folds: ${found}.`,
    expected: "Rows to train on and rows of every class to score were expected in each fold.",
    remedy,
  });
}
