import type { ColumnChoice } from "../../workers/protocol.ts";
import type { Allow } from "../../workers/session.ts";
import type { EarlierKind } from "../state.ts";
import type { Get, Set } from "./change.ts";
import type { EarlierWork } from "./earlier-work.ts";
import type { ChangeOptions, InTurn } from "./in-turn.ts";

export interface EarlierActions {
  /** Takes rows of the task that the model was fine-tuned on before, or plain texts, as the file's name tells. */
  openEarlier: (file: File) => Promise<void>;
  /** Reads the open file as the other of the two. */
  readEarlierAs: (kind: EarlierKind) => Promise<void>;
  chooseEarlierColumns: (columns: ColumnChoice) => Promise<void>;
  closeEarlier: () => Promise<void>;
  /** Sorts the earlier rows by the classes of a model that has just been opened. */
  selectEarlier: () => Promise<void>;
  dismissEarlierProblem: () => void;
}

export function earlierActions(set: Set, get: Get, inTurn: InTurn, work: EarlierWork): EarlierActions {
  const change = async (step: (allow: Allow) => Promise<void>, options?: ChangeOptions) => {
    await inTurn(step, options);
  };
  return {
    openEarlier: (file) =>
      change(
        (allow) => {
          const source = { file, beside: [], name: file.name, format: {} };
          return work.take({ source, kind: kindOf(file.name), columns: null }, allow);
        },
        { files: [file] },
      ),
    readEarlierAs: (kind) =>
      change(async (allow) => {
        const { choice } = get().earlier;
        if (choice) await work.take({ ...choice, kind, columns: null }, allow);
      }),
    chooseEarlierColumns: (columns) =>
      change(async (allow) => {
        const { choice } = get().earlier;
        if (choice) await work.take({ ...choice, columns }, allow);
      }),
    closeEarlier: () => change((allow) => work.take(null, allow)),
    selectEarlier: () => change(() => work.select(), { history: false }),
    dismissEarlierProblem: () => set(({ earlier }) => ({ earlier: { ...earlier, problem: null } })),
  };
}

/** Tables are named as such; a file of any other name is taken for plain texts. */
function kindOf(name: string): EarlierKind {
  return /\.((csv|tsv|tab|psv|jsonl|ndjson|json|parquet|xlsx)(\.gz)?|zip)$/i.test(name) ? "rows" : "texts";
}
