import { reportProblem } from "../../problem/problem.ts";
import type { Recipe } from "../../recipe/recipe.ts";
import type { ColumnChoice, DataFix, FormatOverrides, ProblemReport } from "../../workers/protocol.ts";
import { columnsFor, Declined, type Allow, type Session } from "../../workers/session.ts";
import { columnClash } from "../blockers.ts";
import type { DroppedTable } from "../drop/group-tables.ts";
import { emptyData, isActive, type DataState, type Snapshot, type TableSource } from "../state.ts";
import { needPermission } from "./ask.ts";
import type { Get, Set } from "./change.ts";
import type { EarlierWork } from "./earlier-actions.ts";
import type { ChangeOptions, InTurn } from "./in-turn.ts";
import { fetched, isFetch, newestOf, type Source } from "./source.ts";

export interface DataActions {
  /**
   * Opens a table for training. `name` is for people and defaults to the file's; `beside` are the files with the labels of a file of texts, and maybe their names; `validation` is the table that came with it. Resolves to whether it is open.
   */
  openTable: (
    file: Source<File>,
    name?: string,
    beside?: readonly File[],
    validation?: DroppedTable,
  ) => Promise<boolean>;
  /** Reads the open table again, with parts of its format overridden. */
  overrideFormat: (format: FormatOverrides) => Promise<void>;
  /** Reads the validation file again, with parts of its format overridden. */
  overrideValidation: (format: FormatOverrides) => Promise<void>;
  chooseColumns: (columns: ColumnChoice) => Promise<void>;
  /** Makes the change that a finding offers. */
  applyFix: (change: DataFix) => Promise<void>;
  /** Takes validation rows from a second file instead of splitting. */
  openValidation: (file: File, beside?: readonly File[]) => Promise<void>;
  /** Goes back to splitting off a share. */
  closeValidation: () => Promise<void>;
  /** Records that validation rows are to come from a second file, which is not open yet. */
  wantValidationFile: () => void;
  /** Applies a recipe with another share or seed, which `next` makes when its turn comes, and splits again. */
  splitBy: (next: () => Recipe) => Promise<void>;
  /** Restores data and recipe from a snapshot, for undo and redo; resolves to whether it was done. */
  restore: (snapshot: Snapshot) => Promise<boolean>;
  /** Counts lengths in tokens, if data and model are open. */
  measureLengths: () => Promise<void>;
  /** Resolves when no length is being counted. */
  lengthsCounted: () => Promise<void>;
  dismissDataProblem: () => void;
}

/**
 * Changes of data run one after the other. Each applies its steps as they succeed, so that a failure leaves what was
 * open unchanged and is reported in `data.problem`. A trained model is replaced only by data that has been read.
 */
export function dataActions(session: Session, set: Set, get: Get, inTurn: InTurn, earlier: EarlierWork): DataActions {
  let measurement = 0;
  /** Whether tables or columns are being changed: the worker then has no rows, or not those of the page. */
  let changing = false;
  const newest = newestOf();
  const patch = (change: Partial<DataState>) => set(({ data }) => ({ data: { ...data, ...change } }));

  const openTrain = async (source: TableSource, columns: ColumnChoice | null, allow: Allow) => {
    patch({ busy: { what: `Reading ${source.file.name}`, done: 0, total: 0 } });
    const table = await session.openTable("train", source.file, source.format, allow, source.beside);
    const chosen = columns ?? table.guess;
    patch({ name: source.name, train: source, table, columns: chosen, summary: null, tokenLengths: null });
  };

  const openOther = async (source: TableSource | null, allow: Allow) => {
    if (source === get().data.validation) {
      if (!source) patch({ wantsValidationFile: false });
      return;
    }
    if (!source) {
      await needPermission(allow);
      await session.closeTable("validation");
      patch({ validation: null, validationTable: null, wantsValidationFile: false });
      return;
    }
    patch({ busy: { what: `Reading ${source.file.name}`, done: 0, total: 0 } });
    const validationTable = await session.openTable("validation", source.file, source.format, allow, source.beside);
    patch({ validationTable, validation: source });
  };

  const select = async () => {
    const { data, recipe } = get();
    if (!data.columns) return;
    patch({ busy: { what: "Sorting and splitting the rows", done: 0, total: 0 } });
    // Counts of other rows must not be shown with these, even if this fails.
    patch({ summary: null, tokenLengths: null });
    if (columnClash(data.table?.columns ?? [], data.columns)) return;
    const columns = columnsFor(data.columns, recipe);
    patch({ summary: await session.selectRows(columns, recipe.validationShare, recipe.seed, data.cleaning) });
  };

  let counting: Promise<void> = Promise.resolve();
  const measureLengths = () => (counting = countLengths());
  const countLengths = async () => {
    const mine = ++measurement;
    // The change counts them at its end.
    if (changing) return;
    if (!get().data.summary || !get().model.summary) return;
    patch({ measuring: { what: "Counting tokens", done: 0, total: 0 } });
    try {
      const lengths = await session.measureLengths((measuring) => {
        if (mine === measurement) patch({ measuring });
      });
      if (mine !== measurement) return;
      patch({ tokenLengths: lengths, measuring: null });
      // A run that began meanwhile has these rows, since they are locked until its end.
      const { longerThan } = lengths;
      if (isActive(get().run.status)) set(({ run }) => ({ run: { ...run, facts: { ...run.facts, longerThan } } }));
    } catch (error) {
      if (mine === measurement) patch({ measuring: null, problem: reportProblem(error) });
    }
  };

  const change = (work: (allow: Allow) => Promise<void>, options: ChangeOptions = {}): Promise<boolean> => {
    // Cleared now rather than in its turn, so that a failure until then stays visible.
    patch({ problem: null });
    return inTurn(async (allow) => {
      changing = true;
      measurement++;
      patch({ measuring: null });
      try {
        await work(allow);
      } catch (error) {
        if (error instanceof Declined) throw error;
        patch({ problem: reportProblem(error) });
      } finally {
        changing = false;
        patch({ busy: null });
        void measureLengths();
      }
    }, options);
  };

  /** Makes a change and selects the rows again; a file that could not be opened leaves the rows as they were. */
  const reselect = async (then: (allow: Allow) => Promise<void>, ...files: File[]) => {
    await change(
      async (allow) => {
        await then(allow);
        await select();
      },
      { files },
    );
  };

  const openBoth = (source: TableSource, validation: DroppedTable | undefined) => async (allow: Allow) => {
    await openTrain(source, null, allow);
    patch({ cleaning: {} });
    // The second file belonged to the previous table.
    await openOther(null, allow);
    let problem: ProblemReport | null = null;
    if (validation) {
      const { file, beside } = validation;
      await openOther({ file, beside, name: file.name, format: {} }, allow).catch((error: unknown) => {
        problem = reportProblem(error);
      });
    }
    await select();
    if (problem) patch({ problem });
  };

  return {
    async openTable(source, name, beside = [], validation) {
      if (isFetch(source) && isActive(get().run.status)) return false;
      const isNewest = newest();
      const report = (done: number, total: number) => patch({ busy: { what: "Fetching the sample", done, total } });
      if (isFetch(source)) report(0, 0);
      try {
        // A file at hand takes its turn immediately.
        const file = isFetch(source) ? await fetched(source, isNewest, report) : source;
        if (!file) return false;
        let open = false;
        const table = { file, beside, name: name ?? file.name, format: {} };
        const both = openBoth(table, validation);
        const files = [file, ...beside, ...(validation ? [validation.file, ...validation.beside] : [])];
        await change((allow) => both(allow).finally(() => (open = get().data.train === table)), { files });
        return open;
      } catch (error) {
        patch({ busy: null, problem: reportProblem(error) });
        return false;
      }
    },
    overrideFormat: (format) =>
      reselect(async (allow) => {
        const { train } = get().data;
        if (train) await openTrain({ ...train, format: { ...train.format, ...format } }, null, allow);
      }),
    chooseColumns: (columns) =>
      reselect(async (allow) => {
        // Impossible columns are no reason to drop a trained model.
        if (!columnClash(get().data.table?.columns ?? [], columns)) await needPermission(allow);
        patch({ columns });
      }),
    applyFix: ({ format, columns, cleaning }) =>
      reselect(async (allow) => {
        const { train } = get().data;
        if (format && train) await openTrain({ ...train, format: { ...train.format, ...format } }, null, allow);
        else await needPermission(allow);
        if (columns) patch({ columns });
        if (cleaning) patch({ cleaning: { ...get().data.cleaning, ...cleaning } });
      }),
    overrideValidation: (format) =>
      reselect(async (allow) => {
        const { validation } = get().data;
        if (validation) await openOther({ ...validation, format: { ...validation.format, ...format } }, allow);
      }),
    openValidation: (file, beside = []) =>
      reselect((allow) => openOther({ file, beside, name: file.name, format: {} }, allow), file, ...beside),
    closeValidation: async () => {
      // If no file was open yet, the rows are the same.
      if (get().data.validation) await reselect((allow) => openOther(null, allow));
      else patch({ wantsValidationFile: false });
    },
    wantValidationFile: () => patch({ wantsValidationFile: true }),
    splitBy: (next) =>
      reselect(async (allow) => {
        await needPermission(allow);
        set({ recipe: next() });
        await earlier.select();
      }),
    restore: ({ recipe, train, validation, columns, cleaning, earlier: choice }) =>
      change(
        async (allow) => {
          if (train && train !== get().data.train) await openTrain(train, columns, allow);
          else await needPermission(allow);
          set({ recipe });
          await earlier.take(choice, allow);
          if (!train) {
            await session.closeTable("train");
            await openOther(null, allow);
            patch(emptyData);
            return;
          }
          patch({ columns, cleaning });
          await openOther(validation, allow);
          await select();
        },
        { history: false },
      ),
    measureLengths,
    lengthsCounted: async () => {
      for (let awaited; awaited !== counting;) await (awaited = counting);
    },
    dismissDataProblem: () => patch({ problem: null }),
  };
}
