import { useEffect, useState } from "react";
import { reportProblem, type ProblemReport } from "../../problem/problem.ts";
import type { TokenCounts } from "../../workers/protocol.ts";
import type { Session } from "../../workers/session.ts";

/** What is asked: a text, a second one for pairs or null, and by which weights. */
export interface Question {
  text: string;
  pair: string | null;
  weights: "best" | "last" | "checkpoint";
}

/** The probabilities of each class, in class order. */
export interface PredictionAnswer {
  labelNames: string[];
  probabilities: number[];
  /** Tokens of the text, or of both, and how many of them the model read. */
  length: TokenCounts | null;
}

const pause = 250;

/**
 * Predicts while a person types: a moment after the last change, the newest question only. Null before the first;
 * `stale` until the answer is that of what stands there now.
 */
export function usePrediction(session: Session, { text, pair, weights }: Question) {
  const [answer, setAnswer] = useState<(PredictionAnswer & { question: string }) | null>(null);
  const [problem, setProblem] = useState<ProblemReport | null>(null);
  const empty = text.trim() === "" || pair?.trim() === "";
  const question = JSON.stringify([text, pair, weights]);
  useEffect(() => {
    if (empty) return undefined;
    let wanted = true;
    const ask = async () => {
      try {
        const { labelNames, predictions, lengths } = await session.predict(
          [text],
          pair === null ? null : [pair],
          weights,
        );
        const first = predictions[0];
        if (!wanted || !first) return;
        setAnswer({ question, labelNames, probabilities: first.probabilities, length: lengths[0] ?? null });
        setProblem(null);
      } catch (error) {
        if (wanted) setProblem(reportProblem(error));
      }
    };
    const timer = setTimeout(() => void ask(), pause);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [session, text, pair, weights, question, empty]);
  return { answer: empty ? null : answer, stale: answer?.question !== question, problem, empty };
}
