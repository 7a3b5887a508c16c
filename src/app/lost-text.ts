import { metricName } from "./run-task.ts";
import type { AppState } from "./state.ts";

/** What is lost with a run, e.g. "the weights trained on SMS Spam (best macro F1 0.93 at step 54) and their results." */
export function lostText({ run, data }: Pick<AppState, "run" | "data">): string {
  const { best } = run;
  const score = best && ` (best ${metricName(run)} ${best.value.toFixed(3)} at step ${best.step})`;
  const rows = data.name === "" ? "" : ` on ${data.name}`;
  return `the weights trained${rows}${score ?? ""} and their results. Download the model first if you want to keep it.`;
}
