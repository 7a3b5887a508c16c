import type { LabelsPrediction } from "../../../tasks/multi-label/predictions.ts";
import { Probabilities } from "../classes/Probabilities.tsx";

interface LabelAnswerProps {
  labelNames: string[];
  prediction: LabelsPrediction;
  stale: boolean;
}

/** The labels of a text, and the probability of each. */
export function LabelAnswer({ labelNames, prediction: { labels, probabilities }, stale }: LabelAnswerProps) {
  const said = labels.length === 0 ? "No label reaches its threshold." : labels.join(", ");
  return <Probabilities answer={{ labelNames, probabilities }} stale={stale} said={said} of="label" />;
}
