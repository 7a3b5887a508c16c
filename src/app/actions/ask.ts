import { Declined } from "../../workers/session.ts";
import { hasUnsavedModel, metricName } from "../run-outcome.ts";
import { idleRun, isActive, type Question, type AppState } from "../state.ts";
import type { Get, Set } from "./change.ts";

const changes = { confirm: "Drop them and change", text: "This change drops" };
const starts = { confirm: "Drop them and start", text: "Starting again drops" };

/**
 * Makes way for a change of data, model or backend, which ends the results of a run: refuses during the run, and asks
 * when trained weights would be lost that were not downloaded. To be called once the replacement is ready. Resolves to
 * whether the change may go on.
 */
export async function mayReplaceRun(set: Set, get: Get): Promise<boolean> {
  if (!(await mayGiveUp(set, get, changes))) return false;
  if (get().run.status !== "idle") set({ run: idleRun() });
  return true;
}

/** Asks the same before a start. The previous run stays for now, since the new one may not begin. */
export function mayStartAgain(set: Set, get: Get): Promise<boolean> {
  return mayGiveUp(set, get, starts);
}

async function mayGiveUp(set: Set, get: Get, why: typeof changes): Promise<boolean> {
  const { run } = get();
  if (isActive(run.status)) return false;
  return !hasUnsavedModel(run) || askAboutUnsaved(set, get, why);
}

/** Asks for a change that needs nothing to be read first. @throws Declined after a no */
export async function needPermission(allow: () => Promise<boolean>): Promise<void> {
  if (!(await allow())) throw new Declined();
}

/** Two simultaneous changes (data and model of one drop) share one question. */
function askAboutUnsaved(set: Set, get: Get, { confirm, text }: typeof changes): Promise<boolean> {
  const open = get().question;
  if (open) return open.answered;
  let answer: (yes: boolean) => void = () => undefined;
  const answered = new Promise<boolean>((resolve) => {
    answer = (yes) => {
      set({ question: null });
      resolve(yes);
    };
  });
  const question: Question = {
    title: "The trained model has not been downloaded",
    text: `${text} ${lostText(get())}`,
    confirm,
    answer,
    answered,
  };
  set({ question });
  return answered;
}

/**
 * The end of the question: what is lost with a run, e.g. "the weights trained on SMS Spam (best macro F1 0.93 at step
 * 54) and their results."
 */
function lostText({ run, data }: Pick<AppState, "run" | "data">): string {
  const { best } = run;
  const score = best && ` (best ${metricName(run)} ${best.value.toFixed(3)} at step ${best.step})`;
  const rows = data.name === "" ? "" : ` on ${data.name}`;
  return `the weights trained${rows}${score ?? ""} and their results. Download the model first if you want to keep it.`;
}
