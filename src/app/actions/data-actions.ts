import { reportProblem } from "../../problem/problem.ts";
import type { Recipe } from "../../recipe/recipe.ts";
import type {
  ColumnChoice,
  DataFix,
  Edit,
  FormatOverrides,
  ProblemReport,
  Progress,
  StepSurvey,
} from "../../workers/protocol.ts";
import { columnsFor, Declined, type Allow, type Session } from "../../workers/session.ts";
import { columnClash } from "../blockers.ts";
import type { DroppedTable } from "../drop/group-tables.ts";
import { emptyData, isActive, type DataState, type Snapshot, type TableSource } from "../state.ts";
import { needPermission } from "./ask.ts";
import { remember, snapshotOf, type Get, type Set } from "./change.ts";
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
  /** What each step of cleaning does or would do to the rows; null where a later call took its place. */
  surveyCleaning: (onProgress: (progress: Progress) => void) => Promise<StepSurvey[] | null>;
  /** Makes the change that a finding offers. */
  applyFix: (change: DataFix) => Promise<void>;
  /** Takes validation rows from a second file instead of splitting. */
  openValidation: (file: File, beside?: readonly File[]) => Promise<void>;
  /** Goes back to splitting off a share. */
  closeValidation: () => Promise<void>;
  /** Records that validation rows are to come from a second file, which is not open yet. */
  wantValidationFile: () => void;
  /** The same for rows set apart to test on. */
  openTest: (file: File, beside?: readonly File[]) => Promise<void>;
  closeTest: () => Promise<void>;
  wantTestFile: () => void;
  overrideTest: (format: FormatOverrides) => Promise<void>;
  /** Applies a recipe with another share or seed, which `next` makes when its turn comes, and splits again. */
  splitBy: (next: () => Recipe) => Promise<void>;
  /**
   * Changes rows of the training table, as one step of undo. A trained model stays: it is then a model of earlier data.
   * Nothing happens during a run, or while a table is being read.
   */
  editRows: (edits: readonly Edit[]) => void;
  /** Puts another list of edits in place of the present one, without a step of undo. */
  takeEdits: (edits: readonly Edit[]) => void;
  /** Makes the changes of a patch, as one step of undo; one of another table is refused. */
  openPatch: (file: File) => Promise<void>;
  /** Resolves when the rows are those that the last edit has left. */
  editsSelected: () => Promise<void>;
  /** Restores data and recipe from a snapshot, for undo and redo; resolves to whether it was done. */
  restore: (snapshot: Snapshot) => Promise<boolean>;
  /** Counts lengths in tokens, if data and model are open. */
  measureLengths: () => Promise<void>;
  /** Resolves when no length is being counted. */
  lengthsCounted: () => Promise<void>;
  dismissDataProblem: () => void;
}

/** The tables of rows beside those that are trained on, and what the page's state calls what it has of them. */
const others = {
  validation: { table: "validationTable", wants: "wantsValidationFile" },
  test: { table: "testTable", wants: "wantsTestFile" },
} as const;

type OtherSlot = keyof typeof others;

/** Rows are counted again this long after the last edit. */
const QUIET_MS = 500;

/**
 * Changes of data run one after the other. Each applies its steps as they succeed, so that a failure leaves what was
 * open unchanged and is reported in `data.problem`. A trained model is replaced only by data that has been read.
 */
export function dataActions(session: Session, set: Set, get: Get, inTurn: InTurn, earlier: EarlierWork): DataActions {
  let measurement = 0;
  /** Whether tables or columns are being changed: the worker then has no rows, or not those of the page. */
  let changing = false;
  /** Set while edits wait to be counted. */
  let editTimer: ReturnType<typeof setTimeout> | undefined;
  const newest = newestOf();
  const patch = (change: Partial<DataState>) => set(({ data }) => ({ data: { ...data, ...change } }));

  const openTrain = async (source: TableSource, columns: ColumnChoice | null, allow: Allow) => {
    patch({ busy: { what: `Reading ${source.file.name}`, done: 0, total: 0 } });
    const table = await session.openTable("train", source.file, source.format, allow, source.beside);
    const chosen = columns ?? table.guess;
    const forgotten = { summary: null, tokenLengths: null, fit: [], edits: emptyData.edits };
    patch({ name: source.name, train: source, table, columns: chosen, ...forgotten });
  };

  const openOther = async (slot: OtherSlot, source: TableSource | null, allow: Allow) => {
    const { table, wants } = others[slot];
    if (source === get().data[slot]) {
      if (!source) patch({ [wants]: false });
      return;
    }
    if (!source) {
      await needPermission(allow);
      await session.closeTable(slot);
      patch({ [slot]: null, [table]: null, [wants]: false });
      return;
    }
    patch({ busy: { what: `Reading ${source.file.name}`, done: 0, total: 0 } });
    const opened = await session.openTable(slot, source.file, source.format, allow, source.beside);
    patch({ [table]: opened, [slot]: source });
  };

  /** What can be done with a file of validation rows, or of test rows. */
  const actionsOf = (slot: OtherSlot) => ({
    open: (file: File, beside: readonly File[] = []) =>
      reselect((allow) => openOther(slot, { file, beside, name: file.name, format: {} }, allow), file, ...beside),
    close: async () => {
      // If no file was open yet, the rows are the same.
      if (get().data[slot]) await reselect((allow) => openOther(slot, null, allow));
      else patch({ [others[slot].wants]: false });
    },
    want: () => patch({ [others[slot].wants]: true }),
    override: (format: FormatOverrides) =>
      reselect(async (allow) => {
        const source = get().data[slot];
        if (source) await openOther(slot, { ...source, format: { ...source.format, ...format } }, allow);
      }),
  });

  const selected = (columns: ColumnChoice) => {
    const { data, recipe } = get();
    return session.selectRows(columnsFor(columns, recipe), recipe, data.cleaning);
  };

  const select = async () => {
    clearTimeout(editTimer);
    editTimer = undefined;
    const { data } = get();
    if (!data.columns) return;
    patch({ busy: { what: "Sorting and splitting the rows", done: 0, total: 0 } });
    // Counts of other rows must not be shown with these, even if this fails.
    patch({ summary: null, tokenLengths: null, fit: [] });
    if (columnClash(data.table?.columns ?? [], data.columns)) return;
    patch({ summary: await selected(data.columns) });
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
      const fit = await session.fitToCheckpoint();
      if (mine === measurement) patch({ fit });
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
    // The other files belonged to the previous table.
    await openOther("validation", null, allow);
    await openOther("test", null, allow);
    let problem: ProblemReport | null = null;
    if (validation) {
      const { file, beside } = validation;
      await openOther("validation", { file, beside, name: file.name, format: {} }, allow).catch((error: unknown) => {
        problem = reportProblem(error);
      });
    }
    await select();
    if (problem) patch({ problem });
  };

  const sendEdits = async (edits: readonly Edit[]) => {
    // The worker gets them first: whoever sees them in the state can read the rows with them.
    const sent = session.editTable(edits);
    patch({ edits });
    const { preview } = await sent;
    const { table } = get().data;
    if (table && get().data.edits === edits) patch({ table: { ...table, preview } });
  };

  /** Selects the rows again without taking away what is shown of them until then. */
  const selectEdited = () => {
    clearTimeout(editTimer);
    editTimer = undefined;
    const work = async () => {
      const { data } = get();
      if (!data.columns || columnClash(data.table?.columns ?? [], data.columns)) return;
      patch({ summary: await selected(data.columns) });
    };
    return change(work, { history: false });
  };

  const takeEdits = (edits: readonly Edit[]) => {
    void sendEdits(edits).catch((error: unknown) => patch({ problem: reportProblem(error) }));
    clearTimeout(editTimer);
    editTimer = setTimeout(() => void selectEdited(), QUIET_MS);
  };

  const editRows = (edits: readonly Edit[]) => {
    const { data, run } = get();
    if (edits.length === 0 || !data.table || data.busy || isActive(run.status)) return;
    const before = snapshotOf(get());
    takeEdits([...data.edits, ...edits]);
    remember(set, before);
  };

  const [validationFile, testFile] = [actionsOf("validation"), actionsOf("test")];
  return {
    editRows,
    takeEdits,
    async openPatch(file) {
      patch({ problem: null });
      try {
        editRows(await session.readEditPatch(file));
      } catch (error) {
        patch({ problem: reportProblem(error) });
      }
    },
    async editsSelected() {
      if (editTimer !== undefined) await selectEdited();
    },
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
    async surveyCleaning(onProgress) {
      const { data: open, recipe } = get();
      if (!open.columns) return null;
      return session.surveyCleaning(columnsFor(open.columns, recipe), recipe, open.cleaning, onProgress);
    },
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
    overrideValidation: validationFile.override,
    openValidation: validationFile.open,
    closeValidation: validationFile.close,
    wantValidationFile: validationFile.want,
    overrideTest: testFile.override,
    openTest: testFile.open,
    closeTest: testFile.close,
    wantTestFile: testFile.want,
    splitBy: (next) =>
      reselect(async (allow) => {
        await needPermission(allow);
        set({ recipe: next() });
        await earlier.select();
      }),
    restore: ({ recipe, train, validation, test, columns, cleaning, edits, earlier: choice }) =>
      change(
        async (allow) => {
          if (train && train !== get().data.train) await openTrain(train, columns, allow);
          else await needPermission(allow);
          set({ recipe });
          await earlier.take(choice, allow);
          if (!train) {
            await session.closeTable("train");
            await openOther("validation", null, allow);
            await openOther("test", null, allow);
            patch(emptyData);
            return;
          }
          patch({ columns, cleaning });
          if (edits !== get().data.edits) await sendEdits(edits);
          await openOther("validation", validation, allow);
          await openOther("test", test, allow);
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
