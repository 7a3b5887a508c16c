import { reportProblem } from "../../problem/problem.ts";
import type { Session } from "../../workers/session.ts";
import { emptyEarlier, type EarlierChoice, type EarlierState, type TableSource } from "../state.ts";
import type { Get, Set } from "./change.ts";

/**
 * Steps of the changes of the earlier task's file, each to be taken within the turn of a change. What fails leaves the
 * file that was open before as it is, and stands in `earlier.problem`.
 */
export interface EarlierWork {
  /** Opens a file with the columns that are guessed. */
  open: (source: TableSource) => Promise<void>;
  /** Brings a file and its columns back, or none. */
  restore: (choice: EarlierChoice | null) => Promise<void>;
  /**
   * Chooses rows of the classes of the open model's own classifier, as the recipe splits them. Nothing is chosen while
   * there is no such classifier.
   */
  select: () => Promise<void>;
}

export function earlierWork(session: Session, set: Set, get: Get): EarlierWork {
  const patch = (change: Partial<EarlierState>) => set(({ earlier }) => ({ earlier: { ...earlier, ...change } }));

  const attempt = async (work: () => Promise<void>) => {
    patch({ problem: null });
    try {
      await work();
    } catch (error) {
      patch({ problem: reportProblem(error) });
    }
    patch({ busy: null });
  };

  const open = async (source: TableSource, columns: EarlierChoice["columns"]) => {
    patch({ busy: { what: `Reading ${source.file.name}`, done: 0, total: 0 } });
    const table = await session.openTable("earlier", source.file, source.format);
    patch({ choice: { source, columns: columns ?? table.guess }, table });
  };

  const select = async () => {
    const { earlier, recipe, model } = get();
    // Nothing that was counted for other rows or classes may be shown with these, even if this fails.
    patch({ summary: null });
    const columns = earlier.choice?.columns;
    if (!columns || !model.summary?.labelNames) return;
    patch({ busy: { what: "Sorting the earlier rows", done: 0, total: 0 } });
    patch({ summary: await session.selectEarlier(columns, recipe.validationShare, recipe.seed) });
  };

  return {
    open: (source) =>
      attempt(async () => {
        await open(source, null);
        await select();
      }),
    restore: (choice) =>
      attempt(async () => {
        const now = get().earlier.choice;
        if (!choice) {
          if (now) await session.closeTable("earlier");
          patch(emptyEarlier);
          return;
        }
        if (choice.source !== now?.source) await open(choice.source, choice.columns);
        patch({ choice });
        await select();
      }),
    select: () => attempt(select),
  };
}
