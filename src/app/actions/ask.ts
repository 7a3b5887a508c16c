import { idleRun, isActive } from "../state.ts";
import type { Get, Set } from "./change.ts";

/**
 * Makes way for a change of data, model or backend, which the results of a run do not outlive: refuses while the run
 * goes on, asks when trained weights would be lost unsaved. Resolves to whether the change may go on.
 */
export async function mayReplaceRun(set: Set, get: Get): Promise<boolean> {
  const { run } = get();
  if (isActive(run.status)) return false;
  const saved = run.status !== "done" || run.downloaded;
  if (!saved && !(await askAboutUnsaved(set, get))) return false;
  if (get().run.status !== "idle") set({ run: idleRun() });
  return true;
}

/** Two changes at once (data and model of one drop) are one question. */
function askAboutUnsaved(set: Set, get: Get): Promise<boolean> {
  const open = get().question;
  if (open) return open.answered;
  let answer: (yes: boolean) => void = () => undefined;
  const answered = new Promise<boolean>((resolve) => {
    answer = (yes) => {
      set({ question: null });
      resolve(yes);
    };
  });
  set({
    question: {
      title: "The trained model has not been downloaded",
      text: "This change starts over: the trained weights and their results will be dropped.",
      confirm: "Drop them and change",
      answer,
      answered,
    },
  });
  return answered;
}
