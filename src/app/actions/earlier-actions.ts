import type { ColumnChoice } from "../../workers/protocol.ts";
import type { Get, Set } from "./change.ts";
import type { EarlierWork } from "./earlier-work.ts";
import type { InTurn } from "./in-turn.ts";

export interface EarlierActions {
  /** Takes rows of the task that the model was fine-tuned on before. */
  openEarlier: (file: File) => Promise<void>;
  chooseEarlierColumns: (columns: ColumnChoice) => Promise<void>;
  closeEarlier: () => Promise<void>;
  /** Sorts the earlier rows by the classes of a model that has just been opened. */
  selectEarlier: () => Promise<void>;
  dismissEarlierProblem: () => void;
}

export function earlierActions(set: Set, get: Get, inTurn: InTurn, work: EarlierWork): EarlierActions {
  const change = async (step: () => Promise<void>, history = true) => {
    await inTurn(step, history);
  };
  return {
    openEarlier: (file) => change(() => work.open({ file, name: file.name, format: {} })),
    chooseEarlierColumns: (columns) =>
      change(async () => {
        const { choice } = get().earlier;
        if (choice) await work.restore({ ...choice, columns });
      }),
    closeEarlier: () => change(() => work.restore(null)),
    selectEarlier: () => change(work.select, false),
    dismissEarlierProblem: () => set(({ earlier }) => ({ earlier: { ...earlier, problem: null } })),
  };
}
