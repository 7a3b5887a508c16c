import type { Recipe } from "../recipe/recipe.ts";
import type {
  AnyPrediction,
  BackendChoice,
  BackendInfo,
  Cleaning,
  ColumnChoice,
  FormatOverrides,
  DataSummary,
  ExportChoice,
  LengthHistogram,
  MeasuredMachine,
  ModelSummary,
  Progress,
  RateCurve,
  Results,
  RowText,
  RunPlan,
  TableSlot,
  TableSummary,
  TextFileSummary,
  TextSlot,
  TextsSummary,
  TileSpeed,
  TokenCounts,
  TrainNotice,
} from "./protocol.ts";

/** The columns with the task that the recipe chooses, where it chooses one. */
export function columnsFor(columns: ColumnChoice, { task }: Pick<Recipe, "task">): ColumnChoice {
  return task === "auto" ? columns : { ...columns, task };
}

/** Called once something new is ready; on false it is dropped, and the previous one stays as it was. */
export type Allow = () => Promise<boolean>;

/** The rejection of a promise of the session when `Allow` returned false: nothing has changed. */
export class Declined extends Error {}

/**
 * Everything that the page can request of the workers; `client.ts` makes one. Promises reject with a `Problem` or with
 * `Declined`. What was opened before stays open when a later call fails or is declined.
 */
export interface Session {
  /**
   * Opens a table, or closes one; after either, `selectRows` has to be called before anything that needs rows, or
   * `selectEarlier` where the table is that of an earlier task. `beside` are the
   * labels of a file of texts, and maybe their names.
   */
  openTable(
    slot: TableSlot,
    file: File,
    format?: FormatOverrides,
    allow?: Allow,
    beside?: readonly File[],
  ): Promise<TableSummary>;
  closeTable(slot: TableSlot): Promise<void>;
  selectRows(columns: ColumnChoice, share: number, seed: number, cleaning?: Partial<Cleaning>): Promise<DataSummary>;
  /**
   * Chooses rows of the task that the open model's own classifier was trained for; runs that are started measure
   * forgetting on them from then on. Another model undoes it, since its classes are others.
   */
  selectEarlier(columns: ColumnChoice, share: number, seed: number): Promise<DataSummary>;
  /**
   * Instead: splits the texts of the earlier task's text file, on which runs then measure what the language model
   * forgets.
   */
  selectEarlierTexts(share: number, seed: number): Promise<TextsSummary>;
  /** Lengths in tokens; needs a model. */
  measureLengths(onProgress?: (progress: Progress) => void): Promise<LengthHistogram>;
  /**
   * Opens a plain text file, or closes it: one to pretrain on, which runs that pretrain then read in place of the table's
   * texts, or that of an earlier task, which takes the place of its table; `selectEarlierTexts` has to be called then.
   */
  openTextFile(slot: TextSlot, file: File, allow?: Allow): Promise<TextFileSummary>;
  closeTextFile(slot: TextSlot): Promise<void>;
  rowTexts(part: "train" | "validation", rows: number[]): Promise<RowText[]>;

  /** `allow` is not asked where the backend that runs already is the one chosen. */
  chooseBackend(choice: BackendChoice, allow?: Allow): Promise<BackendInfo>;
  /** Files as dropped: loose, a folder's, or one zip. */
  openModel(
    files: File[],
    licence?: string,
    onProgress?: (progress: Progress) => void,
    allow?: Allow,
  ): Promise<ModelSummary>;

  /**
   * Resolves when training has begun; the run before stays until then, also where this rejects, as it does when it is
   * stopped before that. Events follow through `onNotice`, the last one is "end" (or a notice "failed").
   */
  start(recipe: Recipe): Promise<void>;
  /** Measures again which matrix-multiply tile is the fastest on this GPU. */
  tune(onProgress?: (progress: Progress) => void): Promise<TileSpeed[]>;
  /** Measures for two minutes what this machine can do; `stop` ends it early with what it has. */
  measureMachine(onProgress?: (progress: Progress) => void): Promise<MeasuredMachine>;
  /** Sweeps over learning rates on a copy of the model; `stop` ends it early with what it has. */
  findRate(recipe: Recipe, onProgress?: (progress: Progress) => void): Promise<RateCurve>;
  /** Estimates a run's memory, and its time from a few steps on a copy of the model; `stop` ends the timing. */
  plan(recipe: Recipe, onProgress?: (progress: Progress) => void): Promise<RunPlan>;
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Resolves at once; the run ends with an "end" event after its last full evaluation. */
  stop(): Promise<void>;
  /** Called when the page is shown or hidden; it is taken to be seen before the first call. Starts no worker. */
  pageSeen(isSeen: boolean): void;
  onNotice(listener: (notice: TrainNotice) => void): () => void;

  results(weights: "best" | "last" | "baseline"): Promise<Results>;
  predict(
    texts: string[],
    pairs: string[] | null,
    weights: "best" | "last" | "baseline" | "checkpoint",
  ): Promise<{ task: string; labelNames: string[]; predictions: AnyPrediction[]; lengths: TokenCounts[] }>;
  exportFolder(options: ExportChoice, onProgress?: (progress: Progress) => void): Promise<{ name: string; file: Blob }>;
  /** Terminates all workers. */
  close(): void;
}
