import type { Finding } from "../finding.ts";
import { median } from "../../metrics/spread.ts";
import { largerBatch, lowerRate, those } from "../remedies.ts";
import { unlearned, type RunView } from "../view.ts";
import { counted, percent } from "../../recipe/wording.ts";
import { figure } from "../words.ts";

/** The loss is noisy when it changes by this share from step to step; 16 rows per step give 0.1 to 0.25. */
const NOISY = 0.4;
/** Share of the stretches that must be noisy, and their least number. */
const NOISY_SHARE = 0.6;
const LEAST_STRETCHES = 5;
/** With more rows per step the noise has another cause. */
const SMALL_BATCH = 8;
const USUAL_BATCH = 16;

/** There are so few rows per step that the loss depends more on the rows than on the model. */
export function batchTooSmall(view: RunView): Finding | null {
  const { recipe, step } = view;
  const telling = unlearned(view);
  if (recipe.batchSize > SMALL_BATCH || telling.length < LEAST_STRETCHES) return null;
  const shares = telling.map(({ noise, loss }) => noise / loss);
  if (shares.filter((share) => share > NOISY).length < NOISY_SHARE * telling.length) return null;
  return {
    id: "batch-too-small",
    title: "Small batch size",
    text:
      `With ${counted(recipe.batchSize, "row")} per step the loss moved by ${percent(median(shares))} of itself from one ` +
      `step to the next (typically ${figure(median(telling.map(({ noise }) => noise)))}) over ${counted(step, "step")}. ` +
      "It is likely that a larger batch size would learn more steadily.",
    severity: "low",
    certainty: "likely",
    remedies: those(largerBatch(recipe, USUAL_BATCH), lowerRate(recipe, 2)),
    anchor: "batch-size",
  };
}
