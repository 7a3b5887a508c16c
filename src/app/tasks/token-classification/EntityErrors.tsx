import { useEffect, useMemo, useState } from "react";
import { rowEntities } from "../../../tasks/token-classification/row-entities.ts";
import type { TokenScores } from "../../../tasks/token-classification/scorer.ts";
import { tagForm, typeOf } from "../../../tasks/token-classification/tags.ts";
import type { Results, RowText } from "../../../workers/protocol.ts";
import type { RowReader } from "../../run/use-row-texts.ts";
import { wholeText } from "../../figures.ts";
import { MarkedText } from "./MarkedText.tsx";
import styles from "../../run/panel.module.css";

const SHOWN = 50;

/** The first validation texts whose entities came out wrong, with those that are there and those that were found. */
export function EntityErrors({ session, results }: { session: RowReader; results: Results }) {
  const { labelNames, truth, scores } = results;
  const { starts } = scores as TokenScores;
  const entities = useMemo(() => rowEntities(truth, scores as TokenScores, labelNames), [truth, scores, labelNames]);
  const wrong = useMemo(
    () =>
      Array.from({ length: starts.length - 1 }, (_, row) => row).filter((row) => {
        const { truth: own, predicted } = entities(row);
        return JSON.stringify(own) !== JSON.stringify(predicted);
      }),
    [entities, starts],
  );
  const shown = useMemo(() => wrong.slice(0, SHOWN), [wrong]);
  const texts = useTexts(session, shown);
  const types = [...new Set(tagForm(labelNames).counted.map(typeOf))];
  return (
    <>
      <p role="status">
        {wholeText(wrong.length)} of {wholeText(starts.length - 1)} validation texts have a wrong entity
        {wrong.length > SHOWN ? `; the first ${SHOWN} are shown, predictions.csv of the download lists all.` : "."}
      </p>
      <table className={styles.table}>
        <thead>
          <tr>
            {["Line", "True", "Predicted"].map((head) => (
              <th key={head}>{head}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((row, i) => {
            const text = texts?.[i];
            const { truth: own, predicted } = entities(row);
            return (
              <tr key={row}>
                <td>{text?.line}</td>
                {[own, predicted].map((spans, k) => (
                  <td key={k}>{text && <MarkedText text={text.text} entities={spans} types={types} />}</td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </>
  );
}

/** The texts of some validation rows; null before they are there. */
function useTexts(session: RowReader, rows: number[]): RowText[] | null {
  const [texts, setTexts] = useState<RowText[] | null>(null);
  useEffect(() => {
    let isOpen = true;
    session.rowTexts("validation", rows).then(
      (found) => isOpen && setTexts(found),
      () => undefined,
    );
    return () => {
      isOpen = false;
    };
  }, [session, rows]);
  return texts;
}
