import { Declined } from "../../workers/session.ts";
import { hasUnsavedModel } from "../run-weights.ts";
import { idleRun, isActive, type Question } from "../state.ts";
import { lostText } from "../lost-text.ts";
import type { Get, Set } from "./change.ts";

const changes = { confirm: "Drop them and change", text: "This change drops" };
const starts = { confirm: "Drop them and start", text: "Starting again drops" };

/**
 * Makes way for a change of data, model or backend, which the results of a run do not outlive: refuses while the run
 * goes on, asks when trained weights would be lost unsaved. To be called once what comes in their place stands ready.
 * Resolves to whether the change may go on.
 */
export async function mayReplaceRun(set: Set, get: Get): Promise<boolean> {
  if (!(await mayGiveUp(set, get, changes))) return false;
  if (get().run.status !== "idle") set({ run: idleRun() });
  return true;
}

/** Asks the same before a start. The run before stays, since the new one may not begin. */
export function mayStartAgain(set: Set, get: Get): Promise<boolean> {
  return mayGiveUp(set, get, starts);
}

async function mayGiveUp(set: Set, get: Get, why: typeof changes): Promise<boolean> {
  const { run } = get();
  if (isActive(run.status)) return false;
  return !hasUnsavedModel(run) || askAboutUnsaved(set, get, why);
}

/** For what needs no reading before. @throws Declined after a no */
export async function needPermission(allow: () => Promise<boolean>): Promise<void> {
  if (!(await allow())) throw new Declined();
}

/** Two changes at once (data and model of one drop) are one question. */
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
