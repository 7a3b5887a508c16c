import type { RowLabels } from "../../data/row-labels.ts";
import { sigmoid } from "../../metrics/sigmoid.ts";
import type { Claims, DecidedLabel } from "../task.ts";
import type { LabelRowScores } from "./scores.ts";

/** A label is predicted from its threshold on, whatever the other labels are. */
export function labelClaims(
  { labels }: RowLabels,
  { logits, thresholds, losses }: LabelRowScores,
  { label }: Pick<DecidedLabel, "label">,
): Claims | null {
  const { length: width } = thresholds;
  if (logits.length !== losses.length * width) return null;
  const claims = Float64Array.from(losses, (_, row) => sigmoid(logits[row * width + label] ?? NaN));
  return {
    truth: Uint8Array.from(losses, (_, row) => labels[row * width + label] ?? 0),
    predicted: Uint8Array.from(claims, (claim) => Number(claim >= (thresholds[label] ?? NaN))),
    claims,
  };
}
