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
import { underfitting } from "./rules/underfitting.ts";

/** Looks at a run for one fault; null where the numbers do not show it, or not yet. */
export type Rule = (view: RunView) => Finding | null;

/** All rules; of equal findings the one that stands first comes first. */
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
];

/** What the run shows so far, the gravest and surest first; empty where nothing is wrong that can be seen. */
export function advise(record: RunRecord): Finding[] {
  const view = viewOf(record);
  const findings = rules.flatMap((rule) => rule(view) ?? []);
  const rank = ({ severity, certainty }: Finding) =>
    severities.indexOf(severity) * certainties.length + certainties.indexOf(certainty);
  return findings.sort((a, b) => rank(a) - rank(b));
}
