import { useEffect, useState } from "react";
import { reportProblem, type ProblemReport } from "../../../problem/problem.ts";

interface Answer<Found> {
  /** The last answer, maybe of earlier rows; null before the first. */
  found: Found | null;
  problem: ProblemReport | null;
  /** Whether the answer is to what is asked now. */
  isReady: boolean;
}

/**
 * Asks the worker, and again when `ask` is another function or the rows that it is asked of are others; the last answer
 * stays until the next is there.
 */
export function useAnswer<Found>(ask: () => Promise<Found>, rows: object): Answer<Found> {
  const [answer, setAnswer] = useState<(Omit<Answer<Found>, "isReady"> & { ask: unknown; rows: object }) | null>(null);
  useEffect(() => {
    let wanted = true;
    const take = (found: Found | null, problem: ProblemReport | null) => {
      if (wanted) setAnswer({ found, problem, ask, rows });
    };
    ask().then(
      (found) => take(found, null),
      (error: unknown) => take(null, reportProblem(error)),
    );
    return () => {
      wanted = false;
    };
  }, [ask, rows]);
  const isReady = answer !== null && answer.ask === ask && answer.rows === rows;
  return { found: answer?.found ?? null, problem: answer?.problem ?? null, isReady };
}
