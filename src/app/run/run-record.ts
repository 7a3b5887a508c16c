import type { RunRecord } from "../../advice/record.ts";
import { isActive, type RunState } from "../state.ts";
import { isOfRows, isOfTexts } from "./earlier-moments.ts";

/** The page's run as the advice reads it; null before its plan is known. */
export function runRecord(run: RunState): RunRecord | null {
  const { plan, recipe, steps, evaluations, earlier, labelNames, facts } = run;
  if (!plan || !recipe) return null;
  const ofEarlier = { earlier: earlier.filter(isOfRows), earlierTexts: earlier.filter(isOfTexts) };
  return { plan, recipe, steps, evaluations, ...ofEarlier, state: stateOf(run), labelNames, data: facts };
}

function stateOf({ status, end }: RunState): RunRecord["state"] {
  if (isActive(status)) return "running";
  if (status === "failed") return "failed";
  return end?.reason === "stopped" || !end ? "stopped" : "finished";
}
