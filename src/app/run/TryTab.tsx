import { useState } from "react";
import { Checkbox, Textarea } from "@mantine/core";
import type { Session } from "../../workers/session.ts";
import { wholeText } from "./figures.ts";
import { Probabilities } from "./Probabilities.tsx";
import { ProblemNote } from "../ProblemNote.tsx";
import { usePrediction, type PredictionAnswer, type Question } from "./use-prediction.ts";
import styles from "./panel.module.css";

interface TryTabProps {
  session: Session;
  weights: Question["weights"];
  /** Whether the data has two texts a row. */
  pair: boolean;
}

/** A box to type a text into; the probability of each class follows. */
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
      {answer && !stale && <CutNote answer={answer} two={two} />}
      {answer && <Probabilities answer={answer} stale={stale} />}
    </>
  );
}

/** Says that the probabilities are of a part of the text alone. */
export function CutNote({ answer: { length }, two }: { answer: Pick<PredictionAnswer, "length">; two: boolean }) {
  if (length === null || length.whole <= length.read) return null;
  const what = two ? "These texts have" : "This text has";
  return (
    <p role="note" className={styles.cut}>
      {what} {wholeText(length.whole)} tokens. The model reads {wholeText(length.read)} of them: the rest was cut off.
    </p>
  );
}
