import type { NumberPrediction } from "../../../tasks/regression/predictions.ts";
import { figureText } from "../../figures.ts";
import styles from "./regression.module.css";

interface NumberAnswerProps {
  labelNames: string[];
  prediction: NumberPrediction;
  stale: boolean;
}

/** The number that the model predicts for a text. */
export function NumberAnswer({ labelNames: [name = "value"], prediction: { value }, stale }: NumberAnswerProps) {
  return (
    <p role="status" aria-busy={stale} className={styles.answer} style={{ opacity: stale ? 0.4 : 1 }}>
      {name}: <strong title={String(value)}>{figureText(value, 4)}</strong>
    </p>
  );
}
