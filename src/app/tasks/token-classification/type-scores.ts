import type { TokenReport } from "../../../tasks/token-classification/metrics.ts";
import { typesOfNames } from "../../../tasks/token-classification/tags.ts";
import type { EvaluationEvent } from "../../../workers/protocol.ts";
import type { ClassEvaluation, ClassReport } from "../classes/class-reports.ts";

/** The types of entities in a head's names, as the classes of a report: what panels of classes read. */
interface TypeScores {
  types: string[];
  of: (report: TokenReport) => ClassReport;
  ofEvaluations: (evaluations: readonly EvaluationEvent[]) => ClassEvaluation[];
}

export function typeScores(labelNames: readonly string[]): TypeScores {
  const types = typesOfNames(labelNames);
  const of = ({ rows, types: scored, micro, macro, weighted }: TokenReport): ClassReport => {
    const scores = new Map(scored.map((one) => [one.type, one]));
    return { rows, classes: types.map((type) => scores.get(type) ?? null), micro, macro, weighted };
  };
  const ofEvaluations = (evaluations: readonly EvaluationEvent[]) =>
    (evaluations as readonly EvaluationEvent<TokenReport>[]).map((event) => ({ ...event, report: of(event.report) }));
  return { types, of, ofEvaluations };
}
