import { reportProblem } from "../../problem/problem.ts";
import { Declined, type Allow, type Session } from "../../workers/session.ts";
import { isActive, type TextFileState } from "../state.ts";
import { mayReplaceRun, needPermission } from "./ask.ts";
import type { Get, Set } from "./change.ts";

export interface TextFileActions {
  /** Opens a plain text file to pretrain on. The one before stays if this fails. */
  openTextFile: (file: File) => Promise<void>;
  /** Goes back to pretraining on the table's texts. */
  closeTextFile: () => Promise<void>;
  /** Says that the texts are to come from a file, which is still to be opened. */
  wantTextFile: () => void;
  dismissTextFileProblem: () => void;
}

export function textFileActions(session: Session, set: Set, get: Get): TextFileActions {
  const patch = (change: Partial<TextFileState>) => set(({ textFile }) => ({ textFile: { ...textFile, ...change } }));
  const change = async (what: string, work: (allow: Allow) => Promise<TextFileState["summary"]>) => {
    if (get().textFile.busy || isActive(get().run.status)) return;
    patch({ problem: null, busy: { what, done: 0, total: 0 } });
    try {
      patch({ summary: await work(() => mayReplaceRun(set, get)), busy: null });
    } catch (error) {
      patch({ busy: null, problem: error instanceof Declined ? null : reportProblem(error) });
    }
  };
  return {
    openTextFile: (file) => change(`Reading ${file.name}`, (allow) => session.openTextFile("pretrain", file, allow)),
    wantTextFile: () => patch({ wanted: true }),
    closeTextFile: () => {
      patch({ wanted: false });
      if (!get().textFile.summary) return Promise.resolve();
      return change("Closing the text file", async (allow) => {
        await needPermission(allow);
        await session.closeTextFile("pretrain");
        return null;
      });
    },
    dismissTextFileProblem: () => patch({ problem: null }),
  };
}
