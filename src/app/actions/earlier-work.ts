import { reportProblem } from "../../problem/problem.ts";
import { Declined, type Allow, type Session } from "../../workers/session.ts";
import { emptyEarlier, type EarlierChoice, type EarlierState } from "../state.ts";
import { needPermission } from "./ask.ts";
import type { Get, Set } from "./change.ts";

/**
 * Steps of the changes of the earlier task's file, each to be taken within the turn of a change. What fails leaves the
 * file that was open before as it is, and stands in `earlier.problem`.
 */
export interface EarlierWork {
  /** Brings a file and its columns (guessed where there are none), or none. @throws Declined */
  take: (choice: EarlierChoice | null, allow: Allow) => Promise<void>;
  /**
   * Chooses rows of the classes of the open model's own classifier, or texts, as the recipe splits them. No rows are
   * chosen while there is no such classifier.
   */
  select: () => Promise<void>;
}

export function earlierWork(session: Session, set: Set, get: Get): EarlierWork {
  const patch = (change: Partial<EarlierState>) => set(({ earlier }) => ({ earlier: { ...earlier, ...change } }));
  // Nothing that was counted for another file, or for other classes, may be shown with this one, even if this fails.
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
