import { listed } from "../../recipe/wording.ts";
import { isActive, tabNames, type RunStatus, type TabName } from "../state.ts";
import type { ModelSummary } from "../../workers/protocol.ts";

export const tabTitles: Record<TabName, string> = {
  training: "Training",
  rows: "Rows",
  results: "Results",
  errors: "Errors",
  try: "Try it",
  download: "Download",
};

/**
 * What decides which tabs are open. `trained` is `hasTrained` of the run: a run that failed after a step keeps its
 * weights.
 */
interface RunFacts {
  status: RunStatus;
  trained: boolean;
  model: ModelSummary | null;
  /** Whether a table is open; it is where not given. */
  hasTable?: boolean;
  /** Whether folds of a cross-validation are complete, which are shown without a model too. */
  hasFolds?: boolean;
}

/** When a tab opens, to follow “opens …”; null where it is open. */
export function closedReason(tab: TabName, facts: RunFacts): string | null {
  const { status, trained, model, hasTable = true, hasFolds = false } = facts;
  if (tab === "results" && hasFolds && !isActive(status)) return null;
  if (tab === "rows") return hasTable ? null : "with a table";
  if (tab === "training" || (trained && (status === "done" || status === "failed"))) return null;
  if (tab !== "try") return "when a run has ended or was stopped after its first step";
  if (isActive(status)) return "when this run has ended";
  return model?.head.obstacle === null ? null : "with a trained model, or a checkpoint that has a classifier";
}

/** The closed tabs and their reasons as one line, or "" when all are open. */
export function closedLine(facts: RunFacts): string {
  const reasons = new Map<string, string[]>();
  for (const tab of tabNames) {
    const reason = closedReason(tab, facts);
    if (reason !== null) reasons.set(reason, [...(reasons.get(reason) ?? []), tabTitles[tab]]);
  }
  return [...reasons]
    .map(([reason, tabs]) => `${listed(tabs)} ${tabs.length === 1 ? "opens" : "open"} ${reason}.`)
    .join(" ");
}
