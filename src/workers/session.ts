import type { Recipe } from "../recipe/recipe.ts";
import type {
  BackendChoice,
  BackendInfo,
  ColumnChoice,
  CsvFormat,
  DataSummary,
  LengthHistogram,
  ModelSummary,
  Prediction,
  Progress,
  RateCurve,
  Results,
  RowText,
  TableSummary,
  TextFileSummary,
  TrainNotice,
  TrainRequest,
} from "./protocol.ts";

/** What to download of a run; see the request "export". */
export type ExportOptions = Pick<TrainRequest & { type: "export" }, "weights" | "dtype" | "form" | "dataName">;

/**
 * All that the page can ask of the workers; `client.ts` makes one. Every promise rejects with a `Problem`.
 * What was opened before stays when a later call fails.
 */
export interface Session {
  /** Opens a table, or closes one; after either, `selectRows` has to be called before anything that needs rows. */
  openTable(slot: "train" | "validation", file: File, format?: Partial<CsvFormat>): Promise<TableSummary>;
  closeTable(slot: "train" | "validation"): Promise<void>;
  selectRows(columns: ColumnChoice, share: number, seed: number): Promise<DataSummary>;
  /** Lengths in tokens; needs a model. */
  measureLengths(onProgress?: (progress: Progress) => void): Promise<LengthHistogram>;
  /** Opens a plain text file, which runs that pretrain then read in place of the table's texts, or closes it. */
  openTextFile(file: File): Promise<TextFileSummary>;
  closeTextFile(): Promise<void>;
  rowTexts(part: "train" | "validation", rows: number[]): Promise<RowText[]>;

  chooseBackend(choice: BackendChoice): Promise<BackendInfo>;
  /** Files as dropped: loose, a folder's, or one zip. */
  openModel(files: File[], licence?: string, onProgress?: (progress: Progress) => void): Promise<ModelSummary>;

  /** Resolves when training has begun; events follow through `onNotice`, the last one is "end" (or a notice "failed"). */
  start(recipe: Recipe): Promise<void>;
  /** Sweeps over learning rates on a copy of the model; `stop` ends it early with what it has. */
  findRate(recipe: Recipe, onProgress?: (progress: Progress) => void): Promise<RateCurve>;
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Resolves at once; the run ends with an "end" event after its last full evaluation. */
  stop(): Promise<void>;
  onNotice(listener: (notice: TrainNotice) => void): () => void;

  results(weights: "best" | "last"): Promise<Results>;
  predict(
    texts: string[],
    pairs: string[] | null,
    weights: "best" | "last" | "checkpoint",
  ): Promise<{ labelNames: string[]; predictions: Prediction[] }>;
  exportFolder(
    options: ExportOptions,
    onProgress?: (progress: Progress) => void,
  ): Promise<{ name: string; file: Blob }>;
  /** Ends all workers. */
  close(): void;
}
