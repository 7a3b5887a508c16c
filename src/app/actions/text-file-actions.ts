import { reportProblem } from "../../problem/problem.ts";
import { Declined, type Allow, type Session } from "../../workers/session.ts";
import { isActive, type TextFileState } from "../state.ts";
import { mayReplaceRun, needPermission } from "./ask.ts";
import type { Get, Set } from "./change.ts";
import { queue } from "./in-turn.ts";
import { refusedByRun } from "./refuse-files.ts";
import { newestOf } from "./source.ts";

export interface TextFileActions {
  /** Opens a plain text file to pretrain on. If this fails, the previous one stays. */
  openTextFile: (file: File) => Promise<void>;
  /** Goes back to pretraining on the table's texts. */
  closeTextFile: () => Promise<void>;
  /** Records that the texts are to come from a file, which is not open yet. */
  wantTextFile: () => void;
  dismissTextFileProblem: () => void;
}

export function textFileActions(session: Session, set: Set, get: Get): TextFileActions {
  const patch = (change: Partial<TextFileState>) => set(({ textFile }) => ({ textFile: { ...textFile, ...change } }));
  const inOrder = queue();
  const newest = newestOf();
  const change = async (file: File | null, work: (allow: Allow) => Promise<TextFileState["summary"]>) => {
    const busy = { what: file ? `Reading ${file.name}` : "Closing the text file", done: 0, total: 0 };
    const isNewest = newest();
    patch({ problem: null, busy });
    try {
      await inOrder(async () => {
        if (file ? refusedByRun(set, get, [file]) : isActive(get().run.status)) return;
        patch({ busy });
        patch({ summary: await work(() => mayReplaceRun(set, get)), file });
      });
    } catch (error) {
      if (!(error instanceof Declined)) patch({ problem: reportProblem(error) });
    } finally {
      if (isNewest()) patch({ busy: null });
    }
  };
  return {
    openTextFile: (file) => change(file, (allow) => session.openTextFile("pretrain", file, allow)),
    wantTextFile: () => patch({ wanted: true }),
    closeTextFile: () => {
      patch({ wanted: false });
      const { summary, busy } = get().textFile;
      if (!summary && !busy) return Promise.resolve();
      return change(null, async (allow) => {
        if (!get().textFile.summary) return null;
        await needPermission(allow);
        await session.closeTextFile("pretrain");
        return null;
      });
    },
    dismissTextFileProblem: () => patch({ problem: null }),
  };
}
