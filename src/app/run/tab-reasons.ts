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

/** What the tabs go by; `trained` is whether the run has made a step: a run that failed later keeps its weights. */
export interface RunFacts {
  status: RunStatus;
  trained: boolean;
  model: ModelSummary | null;
}

/** Why a tab is closed, or null when it is open. */
export function closedReason(tab: TabName, { status, trained, model }: RunFacts): string | null {
  if (tab === "training" || status === "done" || (status === "failed" && trained)) return null;
  if (tab !== "try") return "opens when a run has ended or was stopped";
  if (isActive(status)) return "opens when this run has ended";
  return model?.labelNames ? null : "needs a trained model, or a checkpoint with a classifier";
}

/** The closed tabs and their reasons as one line, or "" when all are open. */
export function closedLine(facts: RunFacts): string {
  const reasons = new Map<string, string[]>();
  for (const tab of tabNames) {
    const reason = closedReason(tab, facts);
    if (reason !== null) reasons.set(reason, [...(reasons.get(reason) ?? []), tabTitles[tab]]);
  }
  return [...reasons].map(([reason, tabs]) => `${tabs.join(", ")}: ${reason}.`).join(" ");
}
