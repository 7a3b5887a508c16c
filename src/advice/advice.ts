import { certainties, severities, type Finding } from "./finding.ts";
import type { RunRecord } from "./record.ts";
import { viewOf, type RunView } from "./view.ts";
import { alwaysClipped } from "./rules/always-clipped.ts";
import { batchTooSmall } from "./rules/batch-too-small.ts";
import { collapse } from "./rules/collapse.ts";
import { forgetting } from "./rules/forgetting.ts";
import { forgottenTexts } from "./rules/forgotten-texts.ts";
import { imbalance } from "./rules/imbalance.ts";
import { instability } from "./rules/instability.ts";
import { maxLength } from "./rules/max-length.ts";
import { overfitting } from "./rules/overfitting.ts";
import { rateTooHigh } from "./rules/rate-too-high.ts";
import { rateTooLow } from "./rules/rate-too-low.ts";
import { outcomeRules } from "./rules/outcome-rules.ts";
import { entityRules } from "./rules/entity-rules.ts";
import { labelRules } from "./rules/label-rules.ts";
import { numberRules } from "./rules/number-rules.ts";
import { underfitting } from "./rules/underfitting.ts";

/** Checks a run for one fault; null where the numbers do not show it, or not yet. */
type Rule = (view: RunView) => Finding | null;

/** All rules; their order decides between equally important findings. */
const rules: readonly Rule[] = [
  instability,
  collapse,
  rateTooHigh,
  rateTooLow,
  overfitting,
  underfitting,
  forgetting,
  forgottenTexts,
  imbalance,
  batchTooSmall,
  alwaysClipped,
  maxLength,
  ...labelRules,
  ...numberRules,
  ...entityRules,
];

/** Ids of findings that explain why a run has learned nothing. */
const causes: readonly string[] = ["instability", "collapse", "rate-too-high", "rate-too-low"];

/**
 * The findings about a run so far, most severe and most certain first; empty where no fault is visible. A poor outcome
 * is its own finding where no other finding explains it; other tasks than classes have rules of their own for that.
 */
export function advise(record: RunRecord): Finding[] {
  const view = viewOf(record);
  const findings = rules.flatMap((rule) => rule(view) ?? []);
  const isExplained = findings.some(({ id, severity }) => causes.includes(id) && severity !== "low");
  const [outcome] = isExplained || !view.hasClasses ? [] : outcomeRules.flatMap((rule) => rule(view) ?? []);
  // A poor outcome says more than that the loss was still falling.
  const shown = outcome ? [...findings.filter(({ id }) => id !== "underfitting"), outcome] : findings;
  const rank = ({ severity, certainty }: Finding) =>
    severities.indexOf(severity) * certainties.length + certainties.indexOf(certainty);
  return shown.sort((a, b) => rank(a) - rank(b));
}
