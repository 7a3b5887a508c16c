import { Checkbox, Textarea, Button } from "@mantine/core";
import { useState, useEffect, useMemo } from "react";
import { reportProblem, type ProblemReport } from "../../problem/problem.ts";
import type { TokenCounts } from "../../workers/protocol.ts";
import type { Session } from "../../workers/session.ts";
import { classOrder, manyClasses, type ClassOrder } from "../classes/class-list.ts";
import { ClassControls, useClassList } from "../classes/ClassControls.tsx";
import { columnText, wholeText, percentText } from "../figures.ts";
import { ProblemNote } from "../ProblemNote.tsx";
import { classStyle } from "./class-colors.ts";
import { VirtualTable } from "./VirtualTable.tsx";
import styles from "./panel.module.css";

interface TryTabProps {
  session: Session;
  weights: Question["weights"];
  /** Whether the data has two texts per row. */
  pair: boolean;
}

/** A field for a text, and the probability of each class. */
export function TryTab({ session, weights, pair }: TryTabProps) {
  const [text, setText] = useState("");
  const [second, setSecond] = useState("");
  const [two, setTwo] = useState(pair);
  const { answer, stale, problem, empty } = usePrediction(session, { text, pair: two ? second : null, weights });
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
      <Checkbox
        my="xs"
        label="Two texts, compared with each other"
        checked={two}
        onChange={(event) => setTwo(event.currentTarget.checked)}
      />
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
      {empty && <p>Type {two ? "two texts" : "a text"} to see the probabilities.</p>}
      {!empty && !answer && !problem && <p role="status">Predicting.</p>}
      {answer && !stale && <LengthNote answer={answer} two={two} />}
      {answer && <Probabilities answer={answer} stale={stale} />}
    </>
  );
}

/** Says that the model read only a part of the text, or read it in several windows. */
export function LengthNote({ answer: { length }, two }: { answer: Pick<PredictionAnswer, "length">; two: boolean }) {
  if (length === null || (length.whole <= length.read && length.windows === 1)) return null;
  const what = `${two ? "These texts have" : "This text has"} ${wholeText(length.whole)} tokens.`;
  return (
    <p role="note" className={styles.cut}>
      {length.windows > 1
        ? `${what} The model reads them in ${wholeText(length.windows)} windows; the scores are the mean of theirs.`
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

/** The probabilities of each class, in class order. */
interface PredictionAnswer {
  labelNames: string[];
  probabilities: number[];
  /** Number of tokens of the text, or of both, and of those that the model read. */
  length: TokenCounts | null;
}

const pause = 250;

/**
 * Predicts while a person types: a moment after the last change, and only the newest text. `answer` is null before the
 * first; `stale` is true until the answer belongs to the present text.
 */
function usePrediction(session: Session, { text, pair, weights }: Question) {
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

const firstShown = 10;

interface ProbabilitiesProps {
  answer: Pick<PredictionAnswer, "labelNames" | "probabilities">;
  /** Whether it answers an earlier question. */
  stale: boolean;
}

/**
 * The most probable classes of a text, and all of them on demand. A stale answer stays, faded, until the next one
 * arrives, so that nothing jumps.
 */
export function Probabilities({ answer: { labelNames, probabilities }, stale }: ProbabilitiesProps) {
  const [all, setAll] = useState(false);
  const order = useMemo(
    () => [...probabilities.keys()].sort((a, b) => (probabilities[b] ?? 0) - (probabilities[a] ?? 0)),
    [probabilities],
  );
  const many = order.length >= manyClasses;
  const shown = all && !many ? order : order.slice(0, firstShown);
  const first = order[0] ?? 0;
  const name = (index: number) => labelNames[index] ?? `class ${index}`;
  const textOf = columnText(
    shown.map((index) => probabilities[index] ?? NaN),
    percentText,
    1,
  );
  return (
    <>
      <p className={styles.status} role="status">
        {stale ? "Predicting." : order.length > 0 ? `${name(first)}, ${textOf(probabilities[first] ?? NaN)}` : ""}
      </p>
      <ul
        className={styles.probabilities}
        aria-label="Probability of each class"
        aria-busy={stale}
        style={{ opacity: stale ? 0.4 : 1 }}
      >
        {shown.map((index) => (
          <li key={index}>
            <span className={styles.probabilityName} title={name(index)}>
              {name(index)}
            </span>
            <ProbabilityBar index={index} probability={probabilities[index] ?? 0} />
            <span className={styles.probabilityValue} title={probabilities[index]?.toFixed(6)}>
              {textOf(probabilities[index] ?? NaN)}
            </span>
          </li>
        ))}
      </ul>
      {order.length > firstShown && (
        <Button variant="default" size="compact-sm" my="sm" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? `Only the first ${firstShown}` : `All ${wholeText(order.length)} classes`}
        </Button>
      )}
      {all && many && <AllClasses labelNames={labelNames} probabilities={probabilities} />}
    </>
  );
}

function ProbabilityBar({ index, probability }: { index: number; probability: number }) {
  return (
    <span className={styles.track}>
      <span
        className={styles.fill}
        style={{ display: "block", width: `${probability * 100}%`, background: classStyle(index).color }}
      />
    </span>
  );
}

/** All of many classes in a table to search, most probable first; only the rows in view are laid out. */
function AllClasses({ labelNames, probabilities }: ProbabilitiesProps["answer"]) {
  const orders = useMemo(
    (): ClassOrder[] => [{ label: "Most probable first", keyOf: (index) => -(probabilities[index] ?? 0) }, classOrder],
    [probabilities],
  );
  const list = useClassList(labelNames, orders);
  return (
    <>
      <ClassControls list={list} />
      <VirtualTable
        key={list.order}
        label="Probability of all classes"
        header={["Class", "Share", "Probability"]}
        columns="minmax(0, 2fr) minmax(0, 3fr) 90px"
        rowCount={list.shown.length}
        height={300}
        cellsOf={(row) => {
          const index = list.shown[row] ?? 0;
          const probability = probabilities[index] ?? 0;
          return [
            labelNames[index],
            <ProbabilityBar key="bar" index={index} probability={probability} />,
            // Among thousands of classes shares are small: three digits are shown whatever the size.
            probability >= 0.001 ? percentText(probability, 2) : probability.toExponential(2),
          ];
        }}
      />
    </>
  );
}
