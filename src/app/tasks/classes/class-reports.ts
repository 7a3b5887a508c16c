import type { ClassScores } from "../../../metrics/report.ts";
import type { AnyReport } from "../../../tasks/task.ts";
import type { EvaluationEvent } from "../../../workers/protocol.ts";

/** What the panels of classes read of a report, whether a row has one class or several. */
export interface ClassReport extends AnyReport {
  /** One entry per class, in class order; null for a class in neither truth nor prediction. */
  classes: (ClassScores | null)[];
  macro: ClassScores;
  micro: ClassScores;
  weighted: ClassScores;
  /** Mean over the rows, where a row can have several classes. */
  samples?: ClassScores;
}

/** An evaluation of a run of a task with classes. */
export type ClassEvaluation = EvaluationEvent<ClassReport>;

/** The report of a run of a task with classes. */
export const classReport = (report: AnyReport): ClassReport => report as ClassReport;

/** The evaluations of a run of a task with classes. */
export const classEvaluations = (evaluations: readonly EvaluationEvent[]): ClassEvaluation[] =>
  evaluations as ClassEvaluation[];
