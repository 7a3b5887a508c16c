import { reportProblem } from "../../problem/problem.ts";
import type { ColumnChoice } from "../../workers/protocol.ts";
import { type Allow, Declined, type Session } from "../../workers/session.ts";
import { type EarlierKind, emptyEarlier, type EarlierChoice, type EarlierState } from "../state.ts";
import { needPermission } from "./ask.ts";
import type { Get, Set } from "./change.ts";
import type { ChangeOptions, InTurn } from "./in-turn.ts";

export interface EarlierActions {
  /**
   * Opens a file of rows of the task that the model was fine-tuned on before, or of plain texts; the file's name
   * decides which.
   */
  openEarlier: (file: File) => Promise<void>;
  /** Reads the open file as rows or as texts. */
  readEarlierAs: (kind: EarlierKind) => Promise<void>;
  chooseEarlierColumns: (columns: ColumnChoice) => Promise<void>;
  closeEarlier: () => Promise<void>;
  /** Selects the earlier rows again, for the classes of a model that has just been opened. */
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

/** Rows if the file's name is that of a table, else plain texts. */
function kindOf(name: string): EarlierKind {
  return /\.((csv|tsv|tab|psv|jsonl|ndjson|json|parquet|xlsx)(\.gz)?|zip)$/i.test(name) ? "rows" : "texts";
}

/**
 * Steps of a change of the earlier task's file, to be made in the turn of that change. A failure leaves the open file
 * unchanged and is reported in `earlier.problem`.
 */
export interface EarlierWork {
  /** Opens a file with its columns (guessed where not given), or closes it for null. @throws Declined */
  take: (choice: EarlierChoice | null, allow: Allow) => Promise<void>;
  /**
   * Selects texts, or the rows of the classes of the open model's own classifier, and splits them by the recipe. Without such a classifier no rows are selected.
   */
  select: () => Promise<void>;
}

export function earlierWork(session: Session, set: Set, get: Get): EarlierWork {
  const patch = (change: Partial<EarlierState>) => set(({ earlier }) => ({ earlier: { ...earlier, ...change } }));
  // Counts for another file or for other classes must not be shown with this one, even if this fails.
  const uncounted = { summary: null, split: null };

  const attempt = async (work: () => Promise<void>) => {
    patch({ problem: null });
    try {
      await work();
    } catch (error) {
      if (error instanceof Declined) throw error;
      patch({ problem: reportProblem(error) });
    } finally {
      patch({ busy: null });
    }
  };

  const open = async (choice: EarlierChoice, allow: Allow) => {
    const { source, kind } = choice;
    patch({ busy: { what: `Reading ${source.file.name}`, done: 0, total: 0 } });
    if (kind === "texts") {
      const texts = await session.openTextFile("earlier", source.file, allow);
      patch({ texts, choice, table: null, ...uncounted });
      return;
    }
    const table = await session.openTable("earlier", source.file, source.format, allow);
    const guessed = choice.columns ? choice : { ...choice, columns: table.guess };
    patch({ choice: guessed, table, texts: null, ...uncounted });
  };

  const close = async () => {
    const { choice } = get().earlier;
    if (choice?.kind === "rows") await session.closeTable("earlier");
    if (choice?.kind === "texts") await session.closeTextFile("earlier");
    patch(emptyEarlier);
  };

  const select = async () => {
    const { earlier, recipe, model } = get();
    const { validationShare: share, seed } = recipe;
    patch(uncounted);
    if (earlier.choice?.kind === "texts") {
      patch({ busy: { what: "Splitting the earlier texts", done: 0, total: 0 } });
      patch({ split: await session.selectEarlierTexts(share, seed) });
      return;
    }
    const columns = earlier.choice?.columns;
    if (!columns || !model.summary?.labelNames) return;
    patch({ busy: { what: "Sorting the earlier rows", done: 0, total: 0 } });
    patch({ summary: await session.selectEarlier(columns, share, seed) });
  };

  return {
    take: (choice, allow) =>
      attempt(async () => {
        const now = get().earlier.choice;
        const isOpen = choice?.source === now?.source && choice?.kind === now?.kind;
        if (!choice || isOpen) await needPermission(allow);
        if (!choice) return close();
        if (isOpen) patch({ choice });
        else await open(choice, allow);
        await select();
      }),
    select: () => attempt(select),
  };
}
