import { Problem } from "../problem/problem.ts";
import type { TrainedTask } from "../tasks/task.ts";
import { intervalsOf } from "../tasks/intervals.ts";
import type { Results } from "./results.ts";

/**
 * Results of some of the scored rows, as if they alone had been scored; rows that were not are left out. Throws a Problem
 * where the task cannot pick rows.
 *
 * @param rows places among the validation rows
 */
export function selectedResults(task: TrainedTask, results: Results, rows: Int32Array): Results {
  if (!task.pickedRows) {
    throw new Problem({
      found: `The task “${task.name}” reports on all rows together.`,
      expected: "A task that can report on some of them was expected.",
      remedy: "Clear the selection to see the report on all rows.",
    });
  }
  const { labelNames, places, weights, step } = results;
  const placeOf = places && new Map(Array.from(places, (row, place) => [row, place]));
  const scored = Int32Array.from(
    Array.from(rows, (row) => (placeOf ? placeOf.get(row) : row)).filter((place) => place !== undefined),
  );
  const { truth, scores, report } = task.pickedRows(results.truth, results.scores, scored, labelNames);
  return {
    task: results.task,
    weights,
    step,
    labelNames,
    report,
    places: scored.map((place) => places?.[place] ?? place),
    truth,
    scores,
    intervals: intervalsOf(task, truth, scores, labelNames),
  };
}
