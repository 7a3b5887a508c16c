import { counted } from "../../../recipe/wording.ts";
import type { EntityPrediction } from "../../../tasks/token-classification/predictions.ts";
import { typesOfNames } from "../../../tasks/token-classification/tags.ts";
import { percentText, wholeText } from "../../figures.ts";
import tables from "../../run/tables.module.css";
import { MarkedText } from "./MarkedText.tsx";
import styles from "./entities.module.css";

interface EntityAnswerProps {
  text: string;
  labelNames: string[];
  prediction: EntityPrediction;
  stale: boolean;
}

/** A text with the entities found in it, and a line for each with its place and its probability. */
export function EntityAnswer({ text, labelNames, prediction: { entities }, stale }: EntityAnswerProps) {
  const found = counted(entities.length, "entity", "entities");
  return (
    <div role="group" aria-label="Entities" aria-busy={stale} style={{ opacity: stale ? 0.4 : 1 }}>
      <p className={styles.answer} role="status">
        {stale ? "Predicting." : entities.length === 0 ? "No entity was found." : `${found} found:`}
      </p>
      <p className={styles.answer}>
        <MarkedText text={text} entities={entities} types={typesOfNames(labelNames)} />
      </p>
      {entities.length > 0 && (
        <div className={styles.found}>
          <table className={tables.plain} aria-label="Entities of the text">
            <thead>
              <tr>
                {["Entity", "Type", "Characters", "Probability"].map((head) => (
                  <th key={head} scope="col">
                    {head}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {entities.map(({ label, text: own, start, end, score }) => (
                <tr key={start}>
                  <th scope="row" title={own}>
                    {own}
                  </th>
                  <td>{label}</td>
                  <td>
                    {wholeText(start)}–{wholeText(end)}
                  </td>
                  <td title={score.toFixed(6)}>{percentText(score)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  );
}
