import { useState } from "react";
import { Button, Checkbox, Textarea } from "@mantine/core";
import { columnText } from "../column-text.ts";
import type { Session } from "../../workers/session.ts";
import { classStyle } from "./class-colors.ts";
import { percentText, wholeText } from "./figures.ts";
import { ProblemNote } from "../ProblemNote.tsx";
import { usePrediction, type PredictionAnswer, type Question } from "./use-prediction.ts";
import styles from "./panel.module.css";

interface TryTabProps {
  session: Session;
  weights: Question["weights"];
  /** Whether the data has two texts a row. */
  pair: boolean;
}

const firstShown = 10;

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

/** A stale answer keeps its place, faded, until the next one is there: nothing jumps, and nothing false is said. */
function Probabilities({ answer, stale }: { answer: PredictionAnswer; stale: boolean }) {
  const [all, setAll] = useState(false);
  const order = answer.probabilities
    .map((probability, index) => ({ probability, index, name: answer.labelNames[index] ?? `class ${index}` }))
    .sort((a, b) => b.probability - a.probability);
  const shown = all ? order : order.slice(0, firstShown);
  const first = order[0];
  const textOf = columnText(answer.probabilities, percentText, 1);
  return (
    <>
      <p className={styles.status} role="status">
        {stale ? "Predicting." : first ? `${first.name}, ${textOf(first.probability)}` : ""}
      </p>
      <ul
        className={styles.probabilities}
        aria-label="Probability of each class"
        aria-busy={stale}
        style={{ opacity: stale ? 0.4 : 1 }}
      >
        {shown.map(({ name, probability, index }) => (
          <li key={index}>
            <span className={styles.probabilityName} title={name}>
              {name}
            </span>
            <span className={styles.track}>
              <span
                className={styles.fill}
                style={{ display: "block", width: `${probability * 100}%`, background: classStyle(index).color }}
              />
            </span>
            <span className={styles.probabilityValue} title={probability.toFixed(6)}>
              {textOf(probability)}
            </span>
          </li>
        ))}
      </ul>
      {order.length > firstShown && (
        <Button variant="default" size="compact-sm" mt="sm" onClick={() => setAll(!all)}>
          {all ? `Only the first ${firstShown}` : `All ${order.length} classes`}
        </Button>
      )}
    </>
  );
}
