import { Button } from "@mantine/core";
import { useMemo, useState } from "react";
import { classOrder, manyClasses, type ClassOrder } from "../../classes/class-list.ts";
import { ClassControls, useClassList } from "../../classes/ClassControls.tsx";
import { columnText, percentText, wholeText } from "../../figures.ts";
import { classStyle } from "../../run/class-colors.ts";
import { VirtualTable } from "../../run/VirtualTable.tsx";
import styles from "../../run/panel.module.css";

const firstShown = 10;

interface ProbabilitiesProps {
  answer: { labelNames: string[]; probabilities: number[] };
  /** Whether it answers an earlier question. */
  stale: boolean;
  /** What is predicted, in words; the most probable class where not given. */
  said?: string;
  /** What they are the probabilities of. */
  of?: string;
}

/**
 * The most probable classes of a text, and all of them on demand. A stale answer stays, faded, until the next one
 * arrives, so that nothing jumps.
 */
export function Probabilities(props: ProbabilitiesProps) {
  const { answer, stale, said, of = "class" } = props;
  const { labelNames, probabilities } = answer;
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
  const mostProbable = order.length > 0 ? `${name(first)}, ${textOf(probabilities[first] ?? NaN)}` : "";
  return (
    <>
      <p className={styles.status} role="status">
        {stale ? "Predicting." : (said ?? mostProbable)}
      </p>
      <ul
        className={styles.probabilities}
        aria-label={`Probability of each ${of}`}
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
