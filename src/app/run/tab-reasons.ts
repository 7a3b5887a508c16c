import { listed } from "../../recipe/wording.ts";
import { isActive, type RunStatus } from "../state.ts";
import type { ModelSummary } from "../../workers/protocol.ts";

/** The tabs of the run side, in order. */
export const tabNames = ["training", "results", "errors", "try", "download"] as const;
export type TabName = (typeof tabNames)[number];

export const tabTitles: Record<TabName, string> = {
  training: "Training",
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
}

/** When a tab opens, to follow “opens …”; null where it is open. */
export function closedReason(tab: TabName, { status, trained, model }: RunFacts): string | null {
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
