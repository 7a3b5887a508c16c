import { useEffect, useState } from "react";
import { reportProblem, type ProblemReport } from "../../problem/problem.ts";
import type { Results } from "../../workers/protocol.ts";
import type { Session } from "../../workers/session.ts";

export type Weights = "best" | "last";

/** What came of asking for a run's results; both null while they are worked out. */
export interface ResultsAnswer {
  results: Results | null;
  problem: ProblemReport | null;
}

const waiting: ResultsAnswer = { results: null, problem: null };

/** Answers by run, so that going from tab to tab scores the validation rows once for each kind of weights. */
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
  // A failure is not kept: coming back to the tab asks again.
  answer.catch(() => ofRun.delete(weights));
  return answer;
}
