import type { Finding } from "../finding.ts";
import { median } from "../../metrics/spread.ts";
import { changed, lowerRate, those } from "../remedies.ts";
import { unlearned, type RunView } from "../view.ts";
import { counted, percent } from "../../recipe/wording.ts";
import { figure } from "../words.ts";

/** Share of the steps that must have been clipped: healthy runs clip most of them at a norm of 1. */
const NEARLY_ALL = 0.99;
/** The typical norm must also be this many times the limit. */
const TIMES = 20;
/** Number of steps from which on the rule applies. */
const LEAST_STEPS = 60;

/** Every gradient is cut to a small part of its norm, so that clipping decides the size of the steps. */
export function alwaysClipped(view: RunView): Finding | null {
  const { recipe } = view;
  const steps = unlearned(view).flatMap(({ facts }) => facts);
  if (recipe.clipping !== "norm" || steps.length < LEAST_STEPS) return null;
  const limit = recipe.maxGradientNorm;
  const clipped = steps.filter(({ gradientNorm }) => gradientNorm > limit).length / steps.length;
  const typical = median(steps.map(({ gradientNorm }) => gradientNorm));
  if (clipped < NEARLY_ALL || typical < TIMES * limit) return null;
  const raised = Math.ceil(typical);
  return {
    id: "always-clipped",
    title: "Every gradient is clipped",
    text:
      `${percent(clipped)} of ${counted(steps.length, "step")} looked at were clipped at a norm of ${figure(limit)}; the typical ` +
      `norm was ${figure(typical)}. Adam evens most of this out, so it may do no harm, but large and small gradients ` +
      "then count alike.",
    severity: "low",
    certainty: "possible",
    remedies: those(
      limit < 1 ? changed(recipe, { maxGradientNorm: 1 }, "Clip at a norm of 1", "The usual limit.") : null,
      lowerRate(recipe, 2),
      limit < 1
        ? null
        : changed(
            recipe,
            { maxGradientNorm: raised },
            `Clip at a norm of ${raised}`,
            "Only unusually large gradients are clipped.",
          ),
    ),
    anchor: "learning-rate",
  };
}
