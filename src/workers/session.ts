import type { MappedPart, RowMap } from "../insight/map/row-map.ts";
import type { Attribution } from "../insight/attribution.ts";
import type { DataMap } from "../insight/data-map-lines.ts";
import type { ExplainOptions } from "../run/explain/explain.ts";
import type { SliceCandidates, SliceQuery } from "../insight/slices.ts";
import type { Thresholds } from "../metrics/decision.ts";
import type { LearningPoint } from "../tasks/learning-curve.ts";
import type { Recipe } from "../recipe/recipe.ts";
import type { KeptRun } from "./kept-runs.ts";
import type {
  AnyPrediction,
  BackendChoice,
  BackendInfo,
  CellEdit,
  Cleaning,
  ColumnChoice,
  FormatOverrides,
  DataSummary,
  Edit,
  ExportChoice,
  Finding,
  FoldCounts,
  FoldFile,
  KeepRequest,
  LengthHistogram,
  MeasuredMachine,
  ModelColumnsRequest,
  ModelSummary,
  ProbedFolds,
  Progress,
  RankedIssues,
  Ranking,
  RateCurve,
  Results,
  RowAnswers,
  RowQuery,
  Tested,
  RowText,
  RunPlan,
  StepSurvey,
  TableSlot,
  TableSummary,
  TextFileSummary,
  TextSlot,
  TextsSummary,
  TileSpeed,
  TokenCounts,
  TrainNotice,
  ViewedRow,
  NearRow,
  PageSlices,
} from "./protocol.ts";

export type { KeptRun };

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
  /**
   * Applies these edits, and no others, to the training table as it was read; returns its first rows. Runs that are
   * started later train on the edited rows; `selectRows` shows them before.
   */
  editTable(edits: readonly Edit[]): Promise<{ preview: string[][] }>;
  /** The edited table as a CSV file, without dropped rows. */
  tableCsv(neutralize: boolean): Promise<Blob>;
  /** The edits as a patch, which `readEditPatch` reads for the same table. */
  editPatch(): Promise<string>;
  readEditPatch(file: File): Promise<Edit[]>;
  /** Searches, filters and sorts the rows of the training table, which `rowWindow` then reads; returns their number. */
  queryRows(query: RowQuery): Promise<number>;
  rowWindow(start: number, end: number): Promise<ViewedRow[]>;
  /** All cells of a row (from 1) in full. */
  rowCells(row: number): Promise<string[]>;
  /** The cells of a row that has these labels, as the table writes them. */
  labelCells(labels: readonly string[]): Promise<CellEdit[]>;
  /**
   * Asks the last run of the rows without a label and orders them, the most useful label first; the view then sorts them
   * by "order". `stop` ends it early: rows that were not asked are last. Returns their number.
   */
  rankUnlabelled(
    weights: "best" | "last" | "baseline",
    by: Ranking,
    batch: number,
    onProgress?: (progress: Progress) => void,
  ): Promise<number>;
  /** Maps rows of the last run by these weights; null where `stop` ended it. */
  mapRows(
    part: MappedPart,
    weights: "best" | "last" | "baseline",
    onProgress?: (progress: Progress) => void,
  ): Promise<RowMap | null>;
  /** Lays the rows of a map out by UMAP, in a worker of its own: coordinates [rows · 2]; null where `signal` ended it. */
  layOutRows(
    map: Pick<RowMap, "components" | "width">,
    seed: number,
    options: { onProgress?: (progress: Progress) => void; signal: AbortSignal },
  ): Promise<Float32Array | null>;
  /** Puts what a model says of rows beside them in the view; null takes it away. */
  setModelColumns(request: ModelColumnsRequest): Promise<void>;
  /** `recipe`: its split, the share set apart to test on included, and its cleaning. */
  selectRows(columns: ColumnChoice, recipe: Recipe, cleaning?: Partial<Cleaning>): Promise<DataSummary>;
  /** What each step of cleaning does or would do to the rows; null where a later call took its place. */
  surveyCleaning(
    columns: ColumnChoice,
    recipe: Recipe,
    cleaning: Partial<Cleaning>,
    onProgress?: (progress: Progress) => void,
  ): Promise<StepSurvey[] | null>;
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
  /** What is to be said of how well the open model's tokenizer fits the texts to train on. */
  fitToCheckpoint(): Promise<Finding[]>;
  /**
   * Opens a plain text file, or closes it: one to pretrain on, which runs that pretrain then read in place of the table's
   * texts, or that of an earlier task, which takes the place of its table; `selectEarlierTexts` has to be called then.
   */
  openTextFile(slot: TextSlot, file: File, allow?: Allow): Promise<TextFileSummary>;
  closeTextFile(slot: TextSlot): Promise<void>;
  rowTexts(part: "train" | "validation" | "test" | "folds", rows: number[]): Promise<RowText[]>;

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
   *
   * @param keep how the run is kept in the browser; with `page` null it goes on from its last save
   */
  start(recipe: Recipe, keep?: KeepRequest | null): Promise<void>;
  /**
   * The same of a cross-validation: events and folds follow through `onNotice`, the last notice is "foldsEnd". The results
   * are then those of the folds, and the weights those of the final model.
   */
  startFolds(recipe: Recipe, counts: FoldCounts): Promise<void>;
  /** Scores folds by the probe alone, beside the run; `stop` ends it early, and it then rejects. */
  probeFolds(recipe: Recipe, counts: FoldCounts, onProgress?: (progress: Progress) => void): Promise<ProbedFolds>;
  /** Labels in doubt by the cross-validation; texts are those of `rowTexts("folds", …)`. */
  labelIssues(): Promise<RankedIssues>;
  foldFile(name: FoldFile, neutralize: boolean): Promise<Blob>;
  /**
   * How the run's model took up its training rows, whose texts are those of `rowTexts("train", …)`; null where the recipe
   * wants no data map, or fewer than two epochs are complete.
   */
  dataMap(): Promise<DataMap | null>;
  /** data-map.csv. */
  dataMapFile(neutralize: boolean): Promise<Blob>;
  /**
   * Fine-tunes on shares of the run's training rows too, beside the run; its own scores are the last point. `stop` ends it
   * early, with the points that are complete.
   */
  learningCurve(onProgress?: (progress: Progress) => void): Promise<LearningPoint[]>;
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
  /** The same of some validation rows alone, given by their places. */
  selectedResults(weights: "best" | "last" | "baseline", rows: Int32Array): Promise<Results>;
  /**
   * Slices of the validation rows, worst first, those that are `asked` for among them; of the rows at `within` alone where
   * given. Null where the task says of no row how it came out.
   */
  slices(weights: Results["weights"], asked: readonly SliceQuery[], within?: Int32Array): Promise<PageSlices | null>;
  /** Words and values of columns that are frequent among the wrong ones of the same rows. */
  sliceCandidates(weights: Results["weights"], within?: Int32Array): Promise<SliceCandidates>;
  /** Places of the rows of a slice among those of `results`, or of `selectedResults` of `within`. */
  sliceRows(weights: Results["weights"], query: SliceQuery, within?: Int32Array): Promise<Int32Array>;
  /** How the validation rows came out by these weights; null where the task says it of no row. */
  rowAnswers(weights: Results["weights"]): Promise<RowAnswers | null>;
  /** A report of the run as one HTML file, which has no script and loads nothing. */
  report(weights: "best" | "last" | "baseline", dataName: string): Promise<{ name: string; file: Blob }>;
  /**
   * The training rows of the last run whose vectors by these weights are nearest to a text's, or a pair's; the first call
   * computes those of all rows. Null where `stop` ended it.
   */
  nearest(
    text: string,
    pair: string | null,
    weights: "best" | "last" | "baseline",
    count: number,
    onProgress?: (progress: Progress) => void,
  ): Promise<NearRow[] | null>;
  /** Explains what is predicted of a text, or of a pair. */
  explain(
    text: string,
    pair: string | null,
    weights: "best" | "last" | "baseline" | "checkpoint",
    options: ExplainOptions,
  ): Promise<Attribution>;
  /**
   * The weights scored on the rows that were set apart, which is counted: `uses` in what comes back is the number of times
   * since these rows were opened.
   */
  testResults(weights: "best" | "last" | "baseline"): Promise<Tested>;
  /**
   * Sets from which probability on each class or label is predicted with these weights, in results, predictions and
   * exported folders; null for what they do by themselves. Results are others then, and test rows are to be scored again.
   */
  setThresholds(weights: "best" | "last" | "baseline", thresholds: Thresholds | null): Promise<void>;
  predict(
    texts: string[],
    pairs: string[] | null,
    weights: "best" | "last" | "baseline" | "checkpoint",
  ): Promise<{ task: string; labelNames: string[]; predictions: AnyPrediction[]; lengths: TokenCounts[] }>;
  exportFolder(options: ExportChoice, onProgress?: (progress: Progress) => void): Promise<{ name: string; file: Blob }>;
  /** Why this browser cannot keep runs, as a clause to follow “because”; null where it can. */
  whyNothingIsKept(): Promise<string | null>;
  /** Bytes that the browser still lets this page keep; null where it does not say. */
  freeBytes(): Promise<number | null>;
  /** Runs that were cut off and can go on, saved last first; none where the browser keeps nothing. */
  keptRuns(): Promise<KeptRun[]>;
  /** The files of such a run, in the order in which its page names them. */
  keptFiles(id: string): Promise<File[]>;
  /** Removes such a run, or all with null. */
  removeKept(id: string | null): Promise<void>;
  /** Terminates all workers. */
  close(): void;
}
