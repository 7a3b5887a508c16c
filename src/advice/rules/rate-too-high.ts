import type { Finding } from "../finding.ts";
import { fallingSchedule, longerWarmup, lowerRate, those } from "../remedies.ts";
import type { Stretch } from "../stretches.ts";
import type { RunView } from "../view.ts";
import { figure } from "../words.ts";
import { plainNumber } from "../../recipe/wording.ts";

/** The loss has jumped when it exceeds its lowest value by this share of the loss of guessing … */
const JUMP = 0.3;
/** … and by this many times its noise from step to step … */
const NOISES = 1.5;
/** … in this many consecutive stretches. */
const LEAST_STRETCHES = 2;
/**
 * Share of the warm-up after which the rate is near its peak, and share of the rest of the run that is searched for a
 * jump.
 */
const NEAR_PEAK = 0.5;
const AFTER = 0.15;

/** The loss fell while the rate was low, and jumped when the rate reached its peak. */
export function rateTooHigh(view: RunView): Finding | null {
  const { stretches, warmupEnd, recipe, scale, plan } = view;
  if (warmupEnd === 0) return null;
  const until = warmupEnd + AFTER * (plan.steps - warmupEnd);
  let lowest: Stretch | undefined;
  let jumped: Stretch[] = [];
  for (const stretch of stretches) {
    if (stretch.firstStep > until && jumped.length === 0) break;
    const jump = stretch.loss - (lowest?.loss ?? Infinity);
    const noise = NOISES * Math.max(stretch.noise, lowest?.noise ?? 0);
    if (stretch.lastStep >= NEAR_PEAK * warmupEnd && jump > Math.max(JUMP * scale.chance, noise)) {
      jumped = [...jumped, stretch];
      if (jumped.length === LEAST_STRETCHES) break;
      continue;
    }
    jumped = [];
    if (stretch.loss < (lowest?.loss ?? Infinity)) lowest = stretch;
  }
  const [first] = jumped;
  if (!lowest || !first || jumped.length < LEAST_STRETCHES) return null;

  const now = stretches.at(-1)?.loss ?? NaN;
  const recovered = now <= lowest.loss;
  const at = first.facts.at(-1)?.learningRate ?? recipe.learningRate;
  return {
    id: "rate-too-high",
    title: "The rate is too high",
    text:
      `Training loss was ${figure(lowest.loss)} around step ${lowest.lastStep}, and ${figure(first.loss)} around step ` +
      `${first.lastStep}, where the rate had risen to ${plainNumber(Number(at.toPrecision(2)))}` +
      (recovered
        ? `; it has come back to ${figure(now)} since. It is likely that the peak was too high.`
        : `; it is ${figure(now)} now. It is clear that the peak of the rate is too high.`),
    severity: "medium",
    certainty: recovered ? "likely" : "clear",
    remedies: those(lowerRate(recipe, 4), longerWarmup(recipe), fallingSchedule(recipe)),
    anchor: "learning-rate",
  };
}
