import { reportProblem } from "../../problem/problem.ts";
import type { Session } from "../../workers/session.ts";
import type { TextFileState } from "../state.ts";
import { mayReplaceRun } from "./ask.ts";
import type { Get, Set } from "./change.ts";

export interface TextFileActions {
  /** Opens a plain text file to pretrain on. The one before stays if this fails. */
  openTextFile: (file: File) => Promise<void>;
  /** Goes back to pretraining on the table's texts. */
  closeTextFile: () => Promise<void>;
  dismissTextFileProblem: () => void;
}

export function textFileActions(session: Session, set: Set, get: Get): TextFileActions {
  const patch = (change: Partial<TextFileState>) => set(({ textFile }) => ({ textFile: { ...textFile, ...change } }));
  const change = async (what: string, work: () => Promise<TextFileState["summary"]>) => {
    if (get().textFile.busy || !(await mayReplaceRun(set, get))) return;
    patch({ problem: null, busy: { what, done: 0, total: 0 } });
    try {
      patch({ summary: await work(), busy: null });
    } catch (error) {
      patch({ busy: null, problem: reportProblem(error) });
    }
  };
  return {
    openTextFile: (file) => change(`Reading ${file.name}`, () => session.openTextFile("pretrain", file)),
    closeTextFile: () => change("Closing the text file", () => session.closeTextFile("pretrain").then(() => null)),
    dismissTextFileProblem: () => patch({ problem: null }),
  };
}
