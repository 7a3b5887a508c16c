import { nestedParts } from "../data/nested-parts.ts";
import { labelledCount, labelsOfRow, takeLabels, type RowLabels } from "../data/row-labels.ts";
import { takeTexts } from "../data/take-texts.ts";
import { labelled, textCount, textLabels } from "../data/windows.ts";
import { WORD_WIDTH } from "../data/word-tokens.ts";
import { Problem } from "../problem/problem.ts";
import { counted } from "../recipe/wording.ts";
import type { LearningPoint } from "../tasks/learning-curve.ts";
import type { AnyReport, Task } from "../tasks/task.ts";
import { defaultTrainedTask } from "../tasks/trained-tasks.ts";
import type { RunControl } from "../train/control.ts";
import type { TrainEvent } from "../train/events.ts";
import { fineTuned } from "./fine-tuned.ts";
import { withOwnCopies } from "./fold-result.ts";
import type { RunInput } from "./run.ts";

/** Shares of the training rows that are fine-tuned on, beside all of them. */
const CURVE_SHARES = [0.25, 0.5, 0.75];

/** The fewest rows of the smallest part from which anything can be told. */
const FEWEST = 20;
/** Numbers are in as many strata, of equal numbers of rows. */
const NUMBER_STRATA = 10;

/** Where a learning curve is: an event of a run, or the scores of one that is complete. */
export type CurveEvent =
  { type: "event"; share: number; rows: number; event: TrainEvent } | { type: "point"; point: LearningPoint };

/** Throws a Problem where a learning curve cannot be made of these rows with this recipe. */
export function checkCurve({ recipe, train, copies = 0 }: Pick<RunInput, "recipe" | "train" | "copies">): void {
  if (recipe.effort === "quick") {
    throw new Problem({
      found: "The effort is “quick”, which fine-tunes nothing.",
      expected: "A learning curve by fine-tuning was asked for.",
      remedy: "Set another effort, or leave it out: the baseline has a learning curve of its own.",
    });
  }
  const rows = textCount(train) - copies;
  const least = Math.ceil(FEWEST / (CURVE_SHARES[0] ?? 1));
  if (rows >= least) return;
  throw new Problem({
    found: `There are ${counted(rows, "training row")}.`,
    expected: `A learning curve needs at least ${least}: a quarter of them is trained on.`,
    remedy: "Add rows, or leave the learning curve out.",
  });
}

/**
 * A learning curve by fine-tuning: the same recipe from the checkpoint on 25, 50 and 75 % of the training rows, each part
 * within the next and with the same share of each class, label, tag or range of numbers; always scored on the same
 * validation rows. Changed copies go with their rows. Ends early where `control` stops it. Throws a Problem as `checkCurve`
 * does, and where a run diverges.
 */
export async function* learningCurve(input: RunInput, control: RunControl): AsyncGenerator<CurveEvent> {
  checkCurve(input);
  const { train, recipe, copyOf, copies = 0, task = defaultTrainedTask } = input;
  const truth = textLabels(train);
  const originals = Int32Array.from({ length: textCount(train) - copies }, (_, row) => row);
  const strata = strataOf(task, takeLabels(truth, originals));
  for (const [place, rows] of nestedParts(strata, CURVE_SHARES, recipe.seed).entries()) {
    if (control.stops) return;
    const share = CURVE_SHARES[place] ?? 1;
    const texts = withOwnCopies({ labels: truth, ...(copyOf && { copyOf }) }, rows);
    const part = labelled(takeTexts(train, texts), takeLabels(truth, texts));
    const own = { ...recipe, baseline: false };
    const run = fineTuned(
      { ...input, train: part, copies: texts.length - rows.length, recipe: own, test: null },
      control,
    );
    try {
      let next = await run.next();
      for (; !next.done; next = await run.next()) yield { type: "event", share, rows: rows.length, event: next.value };
      if (!next.value) return;
      yield { type: "point", point: curvePoint(next.value.task, rows.length, next.value.report) };
    } finally {
      await run.return(null);
    }
  }
}

/** The scores of a model by the number of rows that it was trained on. */
export function curvePoint({ metrics }: Pick<Task, "metrics">, rows: number, report: AnyReport): LearningPoint {
  return { rows, values: Object.fromEntries(metrics.map(({ key, of }) => [key, of(report)])) };
}

/** The stratum of each row: its class, the rarest of its labels or tags, or the part of the numbers that it is in. */
function strataOf({ asks, scoredBy }: Pick<Task, "asks" | "scoredBy">, truth: RowLabels): Int32Array {
  const rows = Array.from({ length: labelledCount(truth) }, (_, row) => row);
  if (scoredBy === "none") {
    const order = [...rows].sort((a, b) => (truth.labels[a] ?? 0) - (truth.labels[b] ?? 0));
    const strata = new Int32Array(rows.length);
    order.forEach((row, rank) => (strata[row] = Math.floor((rank * NUMBER_STRATA) / rows.length)));
    return strata;
  }
  const namesOf = (row: number): number[] => {
    const own = Array.from(labelsOfRow(truth, row));
    if (asks === "words") return [...new Set(own.filter((_, at) => at % WORD_WIDTH === WORD_WIDTH - 1))];
    return scoredBy === "sigmoid" ? own.flatMap((mark, label) => (mark > 0 ? [label] : [])) : own;
  };
  const counts = new Map<number, number>();
  for (const row of rows) for (const name of namesOf(row)) counts.set(name, (counts.get(name) ?? 0) + 1);
  const rarest = (names: readonly number[]) =>
    names.reduce((least, name) => ((counts.get(name) ?? 0) < (counts.get(least) ?? Infinity) ? name : least), -1);
  return Int32Array.from(rows, (row) => rarest(namesOf(row)));
}
