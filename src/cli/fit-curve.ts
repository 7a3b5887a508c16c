import { Problem, reportProblem } from "../problem/problem.ts";
import { percent } from "../recipe/wording.ts";
import { checkCurve, curvePoint, learningCurve } from "../run/learning-curve.ts";
import type { Run, RunInput } from "../run/run.ts";
import { learningCurveText, type LearningPoint } from "../tasks/learning-curve.ts";
import { leadingMetrics, type Task } from "../tasks/task.ts";
import type { RunControl } from "../train/control.ts";
import { progressLine } from "./progress.ts";

/** The option of a learning curve by fine-tuning. */
export const curveOptions = { "learning-curve": { type: "boolean", default: false } } as const;

/** The lines of `--help` on it. */
export const curveHelp = `  --learning-curve after the run, fine-tune with 25, 50 and 75 % of the training rows too, from the checkpoint and with the
                   same recipe, each part within the next, scored on the same validation rows: “learningCurve” in
                   report.json, and a sentence on whether more rows would help. Takes about one and a half times as
                   long again; Ctrl+C ends it and keeps what is complete`;

/** Throws a Problem where a learning curve is asked for and cannot be made. */
export function checkCurveOptions(isAsked: boolean, { isFolds, input }: { isFolds: boolean; input: RunInput }): void {
  if (!isAsked) return;
  if (isFolds) {
    throw new Problem({
      found: "--learning-curve and --folds are both given.",
      expected: "A learning curve is of a run with validation rows.",
      remedy: "Leave one of them out.",
    });
  }
  checkCurve(input);
}

/** Scores with fewer rows and with all, and what follows from them. */
interface FiledCurve {
  points: LearningPoint[];
  says: string | null;
}

/**
 * The learning curve of a run that has ended, with its own scores as the last point; progress goes to standard error. Ends
 * early where `control` stops it or a run diverges, with the points that are complete.
 *
 * @param rows that the run was trained on, without changed copies
 */
export async function fitCurve(run: Run, input: RunInput, rows: number, control: RunControl): Promise<FiledCurve> {
  const { task } = run;
  const points: LearningPoint[] = [];
  let show = progressLine();
  let shownShare = 0;
  try {
    for await (const notice of learningCurve(input, control)) {
      if (notice.type === "event") {
        if (notice.share !== shownShare) {
          show = progressLine();
          shownShare = notice.share;
          console.error(`learning curve: ${percent(notice.share)} of the training rows, ${notice.rows}`);
        }
        show(notice.event);
        continue;
      }
      points.push(notice.point);
      console.error(pointLine(task, notice.point));
    }
  } catch (error) {
    // The run itself is there to be saved.
    console.error(`The learning curve has ended early. ${problemText(error)}`);
  }
  const { report } = await run.results("best");
  points.push(curvePoint(task, rows, report));
  const says = learningCurveText(task, points, "the fine-tuned model");
  console.error(pointLine(task, points.at(-1) ?? { rows, values: {} }));
  if (says !== null) console.error(`  ${says}`);
  return { points, says };
}

function pointLine(task: Task, { rows, values }: LearningPoint): string {
  const scores = leadingMetrics(task).map(({ key, name }) => `${name} ${(values[key] ?? NaN).toFixed(4)}`);
  return `learning curve: ${rows} rows: ${scores.join(", ")}`;
}

function problemText(error: unknown): string {
  const { found, expected, remedy } = reportProblem(error);
  return [found, expected, remedy].filter(Boolean).join(" ");
}
