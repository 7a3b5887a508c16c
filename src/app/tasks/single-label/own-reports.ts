import type { Report } from "../../../metrics/report.ts";
import type { AnyReport } from "../../../tasks/task.ts";
import type { EvaluationEvent } from "../../../workers/protocol.ts";

/** An evaluation of a run of this task. */
export type OwnEvaluation = EvaluationEvent<Report>;

/** The report of a run of this task. */
export const ownReport = (report: AnyReport): Report => report as Report;

/** The evaluations of a run of this task. */
export const ownEvaluations = (evaluations: readonly EvaluationEvent[]): OwnEvaluation[] =>
  evaluations as OwnEvaluation[];
