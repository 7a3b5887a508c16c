import { Checkbox, Textarea } from "@mantine/core";
import { useState, useEffect } from "react";
import { reportProblem, type ProblemReport } from "../../problem/problem.ts";
import { taskNamed } from "../../tasks/registry.ts";
import type { Task } from "../../tasks/task.ts";
import type { AnyPrediction, RowText, TokenCounts } from "../../workers/protocol.ts";
import type { Session } from "../../workers/session.ts";
import { wholeText } from "../figures.ts";
import { ProblemNote } from "../ProblemNote.tsx";
import { runPanelsOf } from "../tasks/run-panels.ts";
import { NearestRows } from "./NearestRows.tsx";
import { Explanation } from "./Explanation.tsx";
import styles from "./panel.module.css";

interface TryTabProps {
  session: Session;
  /** What answers: another object where other weights do. */
  model: object | null;
  weights: Question["weights"];
  /** Whether the data has two texts per row. */
  pair: boolean;
  /** What the run's model is asked, where there is a run. */
  asks?: Task["asks"];
  /** The text that it begins with. */
  initial?: Pick<RowText, "text" | "pair">;
}

/** A field for a text, and what the model says of it. */
export function TryTab({ session, model, weights, pair, asks, initial }: TryTabProps) {
  const [text, setText] = useState(initial?.text ?? "");
  const [second, setSecond] = useState(initial?.pair ?? "");
  const [two, setTwo] = useState(initial ? initial.pair !== null : pair);
  const [explains, setExplains] = useState(initial !== undefined);
  const { answer, stale, problem, empty } = usePrediction(session, model, {
    text,
    pair: two ? second : null,
    weights,
  });
  const ofWords = (asks ?? (answer && taskNamed(answer.task).asks)) === "words";
  return (
    <>
      {weights === "checkpoint" && <p>This is the checkpoint’s own classifier, before any training here.</p>}
      <Textarea
        label="Text"
        autosize
        minRows={3}
        maxRows={10}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {/* Words are asked of one text. */}
      {(!ofWords || two) && (
        <Checkbox
          my="xs"
          label="Two texts, compared with each other"
          checked={two}
          onChange={(event) => setTwo(event.currentTarget.checked)}
        />
      )}
      {two && (
        <Textarea
          label="Second text"
          autosize
          minRows={3}
          maxRows={10}
          value={second}
          onChange={(event) => setSecond(event.currentTarget.value)}
        />
      )}
      {problem && <ProblemNote problem={problem} />}
      {empty && <p>Type {two ? "two texts" : "a text"} to see what the model says.</p>}
      {!empty && !answer && !problem && <p role="status">Predicting.</p>}
      {answer && !stale && <LengthNote answer={answer} two={two} ofWords={ofWords} />}
      {answer && <Answer answer={answer} stale={stale} />}
      <Checkbox
        my="xs"
        label="Show which words drove it"
        checked={explains}
        onChange={(event) => setExplains(event.currentTarget.checked)}
      />
      {explains && answer && (
        <Explanation
          session={session}
          model={model}
          question={{ text, pair: two ? second : null, weights }}
          labelNames={answer.labelNames}
        />
      )}
      {weights !== "checkpoint" && answer && (
        <NearestRows session={session} text={text} pair={two ? second : null} weights={weights} model={model} />
      )}
    </>
  );
}

interface LengthNoteProps {
  answer: Pick<PredictionAnswer, "length">;
  two: boolean;
  /** Whether the model says something of each word. */
  ofWords?: boolean;
}

/** Says that the model read only a part of the text, or read it in several windows. */
export function LengthNote({ answer: { length }, two, ofWords = false }: LengthNoteProps) {
  if (length === null || (length.whole <= length.read && length.windows === 1)) return null;
  const scores = ofWords ? "a word counts where it stands farthest from a cut" : "the scores are the mean of theirs";
  const what = `${two ? "These texts have" : "This text has"} ${wholeText(length.whole)} tokens.`;
  return (
    <p role="note" className={styles.cut}>
      {length.windows > 1
        ? `${what} The model reads them in ${wholeText(length.windows)} windows; ${scores}.`
        : `${what} The model reads ${wholeText(length.read)} of them: the rest is left out.`}
    </p>
  );
}

/** A text to classify, a second one for pairs or null, and the weights to do it with. */
interface Question {
  text: string;
  pair: string | null;
  weights: "best" | "last" | "baseline" | "checkpoint";
}

/** What the model says of a text. */
interface PredictionAnswer {
  /** The text that it is of. */
  text: string;
  /** Name of the task. */
  task: string;
  labelNames: string[];
  prediction: AnyPrediction;
  /** Number of tokens of the text, or of both, and of those that the model read. */
  length: TokenCounts | null;
}

const pause = 250;

/**
 * Predicts while a person types: a moment after the last change, and only the newest text. `answer` is null before the
 * first; `stale` is true until the answer belongs to the present text and model.
 */
function usePrediction(session: Session, model: object | null, { text, pair, weights }: Question) {
  const [answer, setAnswer] = useState<(PredictionAnswer & { question: string; model: object | null }) | null>(null);
  const [problem, setProblem] = useState<ProblemReport | null>(null);
  const empty = text.trim() === "" || pair?.trim() === "";
  const question = JSON.stringify([text, pair, weights]);
  useEffect(() => {
    if (empty) return undefined;
    let wanted = true;
    const ask = async () => {
      try {
        const { task, labelNames, predictions, lengths } = await session.predict(
          [text],
          pair === null ? null : [pair],
          weights,
        );
        const first = predictions[0];
        if (!wanted || !first) return;
        setAnswer({ question, model, text, task, labelNames, prediction: first, length: lengths[0] ?? null });
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
  }, [session, model, text, pair, weights, question, empty]);
  return {
    answer: empty ? null : answer,
    stale: answer?.question !== question || answer.model !== model,
    problem,
    empty,
  };
}

/** What the model says, as its task shows it. */
function Answer({ answer, stale }: { answer: PredictionAnswer; stale: boolean }) {
  const { text, labelNames, prediction } = answer;
  const { Prediction } = runPanelsOf({ name: answer.task });
  return <Prediction text={text} labelNames={labelNames} prediction={prediction} stale={stale} />;
}
