import { useEffect, useState } from "react";
import { reportProblem, type ProblemReport } from "../../problem/problem.ts";
import type { Results } from "../../workers/protocol.ts";
import type { Session } from "../../workers/session.ts";

export type Weights = "best" | "last";

/** The results of a run, or why there are none; both null while they are computed. */
interface ResultsAnswer {
  results: Results | null;
  problem: ProblemReport | null;
}

const waiting: ResultsAnswer = { results: null, problem: null };

/** Results by run, so that switching tabs scores the validation rows only once for each kind of weights. */
const asked = new WeakMap<object, Map<Weights, Promise<Results>>>();

/** The results of an ended run with its best or last weights. */
export function useResults(session: Session, end: object | null, weights: Weights): ResultsAnswer {
  const [answer, setAnswer] = useState<ResultsAnswer & { end: object | null; weights: Weights }>();
  useEffect(() => {
    if (!end) return undefined;
    let wanted = true;
    const take = (change: Partial<ResultsAnswer>) => {
      if (wanted) setAnswer({ ...waiting, ...change, end, weights });
    };
    askOnce(session, end, weights).then(
      (results) => take({ results }),
      (error: unknown) => take({ problem: reportProblem(error) }),
    );
    return () => {
      wanted = false;
    };
  }, [session, end, weights]);
  return answer && answer.end === end && answer.weights === weights ? answer : waiting;
}

function askOnce(session: Session, end: object, weights: Weights): Promise<Results> {
  const ofRun = asked.get(end) ?? new Map<Weights, Promise<Results>>();
  asked.set(end, ofRun);
  const known = ofRun.get(weights);
  if (known) return known;
  const answer = session.results(weights);
  ofRun.set(weights, answer);
  // A failure is not cached: coming back to the tab tries again.
  answer.catch(() => ofRun.delete(weights));
  return answer;
}
