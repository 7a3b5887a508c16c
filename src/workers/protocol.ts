/**
 * Every message between the page and its workers. Three kinds of workers:
 *
 *   data      holds the table: opens files, chooses columns, splits, feeds texts to the tokenizers
 *   tokenize  a pool; texts in from `data` (or the page), token ids out to `train`, over ports of their own
 *   train     holds checkpoint, backend and run
 *
 * What the page can ask of a worker is an interface of calls (`DataCalls`, `TrainCalls`, `TokenizeCalls`): the worker's
 * service implements it, and the page gets the same methods as promises (`Remote` in `request.ts`). A call is written
 * once, here. `train` also sends notices unasked.
 */
import type { Attribution } from "../insight/attribution.ts";
import type { ExplainOptions } from "../run/explain/explain.ts";
import type {
  Cleaning,
  ColumnChoice,
  FormatOverrides,
  DataSummary,
  Finding,
  LengthHistogram,
  TableSummary,
  TextFileSummary,
  TextsSummary,
} from "../data/summary.ts";
import type { CellEdit, Edit } from "../data/edits.ts";
import type { Fold } from "../data/folds.ts";
import type { RowQuery, ViewedRow } from "../data/row-query.ts";
import type { RowLabels } from "../data/row-labels.ts";
import type { EncodedRows } from "../data/rows.ts";
import type { StepSurvey } from "../data/cleaning/survey.ts";
import type { TextLimit } from "../data/text-limit.ts";
import type { BackendChoice, BackendInfo } from "../gpu/backend.ts";
import type { TileSpeed } from "../gpu/device.ts";
import type { Thresholds } from "../metrics/decision.ts";
import type { ProblemReport } from "../problem/problem.ts";
import type { AugmentationSteps } from "../recipe/augmentation-steps.ts";
import type { CleaningSteps, TextSteps } from "../recipe/cleaning-steps.ts";
import type { HeldOutBy } from "../recipe/held-out-by.ts";
import type { Recipe } from "../recipe/recipe.ts";
import type { MachineMeasurement } from "../run/machine/measure-machine.ts";
import type { SummaryLine } from "../run/machine/summary.ts";
import type { ModelSummary } from "../run/open-model.ts";
import type { RunPlan } from "../run/plan.ts";
import type { FoldCounts } from "../run/fold-contents.ts";
import type { FoldScores, FoldsSummary } from "../run/folds.ts";
import type { Neighbor } from "../metrics/nearest.ts";
import type { DataMap } from "../insight/data-map-lines.ts";
import type { MappedPart, RowMap } from "../insight/map/row-map.ts";
import type { RankedRows, Ranking } from "../run/uncertain-rows.ts";
import type { SliceCandidates, SlicedColumn, SliceList, SliceQuery } from "../insight/slices.ts";
import type { Results, ScoredOutcomes, Tested } from "../run/results.ts";
import type { LearningPoint } from "../tasks/learning-curve.ts";
import type { AnyPrediction } from "../tasks/task.ts";
import type { TokenizerFiles } from "../tokenize/tokenizer.ts";
import type { TrainEvent } from "../train/events.ts";
import type { RateCurve } from "../train/rate-finder.ts";

export type {
  Cleaning,
  ColumnChoice,
  DataFix,
  FormatOverrides,
  TableFormat,
  DataSummary,
  Finding,
  LengthHistogram,
  TableSummary,
  Task,
  TextFileSummary,
  TextsSummary,
} from "../data/summary.ts";
export type { RowQuery, SortKey, ViewedRow } from "../data/row-query.ts";
export type { CellEdit, Edit } from "../data/edits.ts";
export type {
  BaselineEvent,
  BestEvent,
  EarlierEvent,
  EndEvent,
  EvaluationEvent,
  PlanEvent,
  PretrainEvent,
  StepEvent,
  TrainEvent,
} from "../train/events.ts";
export type { StepSurvey } from "../data/cleaning/survey.ts";
export type { BackendChoice, BackendInfo } from "../gpu/backend.ts";
export type { TileSpeed } from "../gpu/device.ts";
export type { ModelSummary } from "../run/open-model.ts";
export type { MemoryChange, MemoryOffer } from "../plan/fit-to-memory.ts";
export type { RunPlan } from "../run/plan.ts";
export type { FoldCounts } from "../run/fold-contents.ts";
export type { FoldScores, FoldsSummary } from "../run/folds.ts";
export type { Ranking } from "../run/uncertain-rows.ts";
export type { Results, Tested } from "../run/results.ts";
export type { AnyPrediction } from "../tasks/task.ts";
export type { ProblemReport } from "../problem/problem.ts";
export type { RateCurve } from "../train/rate-finder.ts";
export type { TokenizerFiles } from "../tokenize/tokenizer.ts";

/** A row of the table for the errors list. */
export interface RowText {
  tableRow: number;
  /** Its place for people: the line of the file, or the row of the table where the file has no lines. */
  line: number;
  text: string;
  pair: string | null;
}

/** Number of tokens of a text or pair, with special tokens: of the whole, and of the part that the model read. */
export interface TokenCounts {
  whole: number;
  read: number;
  /** Windows in which the text was read, whose outputs are averaged. */
  windows: number;
}

/** A training row that a model takes for alike a text: the cosine of their vectors, and what the row is labelled with. */
export interface NearRow extends RowText {
  similarity: number;
  labels: readonly string[];
}

/** Progress of a long request or of a run's preparation; `total` is 0 when unknown. */
export interface Progress {
  what: string;
  done: number;
  total: number;
}

export type OnProgress = (progress: Progress) => void;

/** A call of the page to a worker; the service may throw a `Problem`, at once or later. */
export type Call<Argument, Result> = (argument: Argument, onProgress: OnProgress) => Result | Promise<Result>;

// ---- page -> data ----

/** What a table is for; "earlier" holds rows of the task that the checkpoint's own classifier was trained for. */
export type TableSlot = "train" | "validation" | "test" | "earlier";

/**
 * What a plain text file is for: to pretrain on, or the earlier task's texts, like those that the checkpoint was
 * pretrained on.
 */
export type TextSlot = "pretrain" | "earlier";

/**
 * Parts of the rows: to train on, to validate on, set apart to test on, without a label, to use against forgetting, and to
 * measure forgetting on.
 */
export type RowsPart = "train" | "validation" | "test" | "unlabelled" | "earlierTrain" | "earlierValidation";

/** A file that the data worker holds until `settle`. */
export type HeldData = { what: "table"; slot: TableSlot } | { what: "text"; slot: TextSlot };

/** How rows are split: the share of them to validate on, and the seed. */
interface SplitChoice {
  share: number;
  seed: number;
}

/** A request to encode rows, whose ids go from the tokenizers to `train` under `job`. */
interface EncodeJob {
  job: string;
  limit: TextLimit;
}

/** Whether what was opened with `hold` replaces what was there before. */
interface Settle {
  take: boolean;
}

/** A call that opens something may `hold` it: the previous one stays in use until `settle`. */
interface Hold {
  hold?: boolean;
}

/** What a model says of some rows of the training table. */
export interface ModelColumnsRequest {
  /** The rows: those that the last run validated on, or those without a label that were encoded last. */
  of: "validation" | "unlabelled";
  columns: {
    /** Places of the rows among them; all where not given. */
    places?: Int32Array | undefined;
    predicted: readonly string[];
    confidence: Float32Array;
    /** 1 for each row with another label; none where not given. */
    isWrong?: Uint8Array;
    /** The place of each row in the order in which labels would help most. */
    order?: Int32Array;
  } | null;
}

/** How the validation rows of a run came out, in their order, and by what the same rows are known again. */
export interface RowAnswers {
  outcomes: ScoredOutcomes["outcomes"];
  /** See `rowsFingerprint`. */
  fingerprint: string;
}

/** Slices of rows, worst first, and what more can be made by. */
export interface PageSlices extends SliceList {
  columns: SlicedColumn[];
  labelNames: string[];
}

export interface DataCalls {
  /** `beside`: files with the labels of a file of texts, and maybe the labels' names, one per line. */
  openTable: Call<
    Hold & { slot: TableSlot; file: File; beside?: readonly File[]; format: FormatOverrides },
    TableSummary
  >;
  closeTable: Call<{ slot: TableSlot }, null>;
  /** Why nothing can be kept here, as a clause to follow “because”; null where it can. Only workers can tell. */
  whyNothingIsKept: Call<void, { reason: string | null }>;
  /**
   * Applies these edits alone to the training table as it was read; rows that were selected stay until the next
   * `selectRows`. Returns the first rows.
   */
  editTable: Call<{ edits: readonly Edit[] }, { preview: string[][] }>;
  /** The edited table as a CSV file, without dropped rows. */
  tableCsv: Call<{ neutralize: boolean }, { file: Blob }>;
  /** The edits as a patch. */
  editPatch: Call<void, { text: string }>;
  /** Reads a patch for the training table; changes nothing. */
  readEditPatch: Call<{ file: File }, { edits: Edit[] }>;
  /**
   * `testShare` of the rows is set apart before, unless a table has test rows; `steps`, `augmentation`: what the recipe does
   * to texts and rows, and to copies of training rows; nothing where not given.
   */
  selectRows: Call<
    SplitChoice & {
      columns: ColumnChoice;
      cleaning?: Partial<Cleaning>;
      steps?: CleaningSteps;
      augmentation?: AugmentationSteps;
      testShare?: number;
    },
    DataSummary
  >;
  /** What each step of cleaning does or would do to the rows; null where a later call took its place. */
  surveyCleaning: Call<
    { columns: ColumnChoice; cleaning?: Partial<Cleaning>; steps: CleaningSteps },
    StepSurvey[] | null
  >;
  /** `labelNames` are the classes of the checkpoint's own classifier, in its order. */
  selectEarlier: Call<SplitChoice & { columns: ColumnChoice; labelNames: string[] }, DataSummary>;
  /** Splits the texts of the earlier task's text file in two parts. */
  selectEarlierTexts: Call<SplitChoice, TextsSummary>;
  /** Texts to train on, at most so many, spread over all, cut after 20,000 characters. */
  sampleTexts: Call<{ most: number }, { texts: string[] }>;
  connectTokenizers: Call<{ ports: MessagePort[] }, null>;
  measureLengths: Call<{ job: string }, LengthHistogram>;
  /** Encodes a part; returns its labels in row order (none for texts). */
  encode: Call<EncodeJob & { part: RowsPart }, { labels: RowLabels; rows: number; copyOf?: Int32Array }>;
  /** Searches, filters and sorts the rows of the training table. */
  queryRows: Call<{ query: RowQuery }, { count: number }>;
  /** Rows of the last query, from `start` to `end`, not included. */
  rowWindow: Call<{ start: number; end: number }, { rows: ViewedRow[] }>;
  /** All cells of a row (from 1) in full. */
  rowCells: Call<{ row: number }, { cells: string[] }>;
  /** The cells of a row that has these labels, as the table writes them. */
  labelCells: Call<{ labels: readonly string[] }, { cells: CellEdit[] }>;
  /** Puts what a model says of some rows beside them; null takes it away. */
  setModelColumns: Call<ModelColumnsRequest, null>;
  /**
   * Lays all rows that are not set apart into folds and encodes them, with changed copies of them where the recipe makes
   * some, which come last. `asRun`: their texts are then those of the run's validation rows.
   */
  encodeFolds: Call<EncodeJob & { counts: FoldCounts; seed: number; asRun: boolean }, FoldRows>;
  /** The rows that the last run is trained on, or that were laid into folds last, with their cells as the table had them: all of them, in their order. */
  cellsOf: Call<{ part: "train" | "folds" }, RowText[]>;
  openTextFile: Call<Hold & { slot: TextSlot; file: File }, TextFileSummary>;
  closeTextFile: Call<{ slot: TextSlot }, null>;
  /** Encodes the texts to pretrain on, without those held out; `ofFolds`: without those of any row. */
  encodeTextFile: Call<EncodeJob & { ofFolds?: boolean }, { rows: number }>;
  /** Slices of the rows that the last run validated on, worst first; `asked` are listed however few rows they have. */
  slices: Call<{ scored: ScoredOutcomes; asked: readonly SliceQuery[] }, PageSlices>;
  /** Words and values that are frequent among the wrong ones of these rows. */
  sliceCandidates: Call<{ scored: ScoredOutcomes }, SliceCandidates>;
  /** Places of the rows of a slice among those that were scored, ascending. */
  sliceRows: Call<{ scored: ScoredOutcomes; query: SliceQuery }, { rows: Int32Array }>;
  /** The names of what training rows of the last run are labelled with, or their numbers. */
  trainLabels: Call<{ rows: number[] }, { labels: (readonly string[])[] }>;
  /** "folds": of the rows that were laid into folds last. */
  rowTexts: Call<{ part: "train" | "validation" | "test" | "folds"; rows: number[] }, RowText[]>;
  /** The same for the same rows that the last run validated on, of all or of those at `places`: see `rowsFingerprint`. */
  validationFingerprint: Call<{ places?: Int32Array }, { fingerprint: string }>;
  settle: Call<Settle & HeldData, null>;
}

// ---- page -> train ----

/** Rows of a task on their way to `train`, which gets them from the tokenizers under their jobs. */
export interface TaskJobs {
  /** Name of the task. */
  task: string;
  labelNames: string[];
  trainJob: string;
  trainLabels: RowLabels;
  validationJob: string;
  validationLabels: RowLabels;
}

/** An earlier task: labelled rows, or texts whose masked words are predicted. */
export type EarlierJobs = ({ kind: "rows" } & TaskJobs) | { kind: "texts"; trainJob: string; validationJob: string };

/** Everything that a run is made of. */
export interface RunRequest extends TaskJobs {
  recipe: Recipe;
  earlier: EarlierJobs | null;
  /** By which columns the validation rows were held out. */
  heldOutBy?: HeldOutBy | undefined;
  /** Number of changed copies among the training rows, and the row that each is of. */
  copies?: number | undefined;
  copyOf?: Int32Array | undefined;
  /** The job of rows set apart, and their labels; none where not given. */
  test?: { job: string; labels: RowLabels } | null;
  /** The job of the texts to pretrain on; the training rows' texts where not given. */
  pretrainJob?: string;
  /** Bytes that the device may take here before the system ends the page, which only the page can tell. */
  mostBytes?: number;
}

/** How a run is kept in the browser while it trains, so that it can go on after a closed tab or a crash. */
export interface KeepRequest {
  id: string;
  /** A save is due after this time; later where saves take long. */
  minutes: number;
  /** What the page needs to open data and model again, in its own form; null where the run goes on and it is kept. */
  page: string | null;
  /** The files that the page names there, by their place. */
  files: File[];
}

/** Rows that were laid into folds. */
export interface FoldRows {
  /** Labels of the rows and of the copies after them. */
  labels: RowLabels;
  /** The row that each copy is of [copies]. */
  copyOf: Int32Array;
  folds: Fold[];
}

/** Everything that a cross-validation is made of; its rows are in one job. */
export interface FoldsRequest extends FoldRows, Omit<RunRequest, keyof TaskJobs | "copies" | "copyOf"> {
  task: string;
  labelNames: string[];
  job: string;
  counts: FoldCounts;
}

/** What an event of a cross-validation belongs to: a fold (counted from 1, as its repeat), or the final model. */
export type FoldPlace = { repeat: number; fold: number } | "final";

/** Rows by how much their label is in doubt, the worst first; all arrays are of one length. */
export interface RankedIssues {
  /** Places among the rows that were laid into folds. */
  rows: Int32Array;
  /** From 0, the worst, to 1. */
  scores: Float32Array;
  /** The labels of each row as given, and as suggested; null where what is suggested is part of a row's labels alone. */
  given: string[];
  suggested: string[];
  suggestedLabels: (string[] | null)[];
  /** Estimated share of wrong labels; null where it is not estimated. */
  share: number | null;
}

/** What folds by the probe say. */
export interface ProbedFolds {
  issues: RankedIssues;
  summary: FoldsSummary;
}

/** A file about a cross-validation. */
export type FoldFile = "out-of-fold.csv" | "label-issues.csv" | "report.json";

/** A measurement of the machine, and its few figures for people. */
export interface MeasuredMachine {
  measurement: MachineMeasurement;
  summary: SummaryLine[];
}

/** What to download of a run. */
export interface ExportChoice {
  weights: "best" | "last" | "baseline";
  dtype: "float32" | "float16";
  /** A whole model, or the PEFT folder of a run with LoRA. */
  form: "merged" | "adapter";
  /** Name of the data, for the model card. */
  dataName: string;
  /** Whether cells of predictions.csv that a spreadsheet program would run as formulas get an apostrophe. */
  neutralize?: boolean;
}

export interface TrainCalls {
  /** `isSame`: the chosen backend is running already, and nothing changes. */
  chooseBackend: Call<Hold & { choice: BackendChoice }, BackendInfo & { isSame: boolean }>;
  openModel: Call<Hold & { files: File[]; licence: string }, { summary: ModelSummary; tokenizer: TokenizerFiles }>;
  settle: Call<Settle & { what: "model" | "backend" }, null>;
  connectTokenizers: Call<{ ports: MessagePort[] }, null>;
  /** `keep.page` null: goes on with a run that was kept, from its last save, or from the beginning where there is none. */
  start: Call<RunRequest & { keep?: KeepRequest | null }, null>;
  /** Starts a cross-validation, which ends with the notice "foldsEnd"; `pause`, `resume` and `stop` are for it too. */
  startFolds: Call<FoldsRequest, null>;
  /** Scores folds by the probe alone; the run stays as it is. `stop` ends it early, and it then rejects. */
  probeFolds: Call<FoldsRequest, ProbedFolds>;
  /** Labels in doubt, by the last cross-validation that was started. */
  labelIssues: Call<void, RankedIssues>;
  /** A file about it; `cells` are those of `cellsOf`. */
  foldFile: Call<{ name: FoldFile; cells: RowText[]; neutralize: boolean }, { file: Blob }>;
  /** How the run's model took up its training rows; null where it has no data map. */
  dataMap: Call<void, DataMap | null>;
  /** data-map.csv; `cells` are those of `cellsOf`. */
  dataMapFile: Call<{ cells: RowText[]; neutralize: boolean }, { file: Blob }>;
  /**
   * Fine-tunes on shares of the run's training rows too, and gives the scores of its best weights as the last point; `stop`
   * ends it early, with the points that are complete.
   */
  learningCurve: Call<void, LearningPoint[]>;
  /** Measures again how this GPU multiplies best. */
  tune: Call<void, TileSpeed[]>;
  /** Measures for two minutes what this machine can do; `stop` ends it early with what it has. */
  measureMachine: Call<void, MeasuredMachine>;
  /** Sweeps over learning rates on a copy of the model; `stop` ends it early. */
  findRate: Call<
    {
      recipe: Recipe;
      task: string;
      labelNames: string[];
      trainJob: string;
      trainLabels: RowLabels;
      mostBytes?: number;
    },
    RateCurve
  >;
  /** Predicts memory, and times a few steps on a copy of the model; `stop` ends it early. */
  plan: Call<RunRequest, RunPlan>;
  pause: Call<void, null>;
  resume: Call<void, null>;
  stop: Call<void, null>;
  /** Whether the page is seen: then submissions to the GPU are short, so that it can draw between them. */
  pageSeen: Call<{ isSeen: boolean }, null>;
  results: Call<{ weights: "best" | "last" | "baseline" }, Results>;
  /** Results of some validation rows, by their places: `rows` ascending. */
  selectedResults: Call<{ weights: "best" | "last" | "baseline"; rows: Int32Array }, Results>;
  /** How validation rows came out: those at `rows`, or all; null where the task says it of no row. */
  rowOutcomes: Call<{ weights: "best" | "last" | "baseline"; rows?: Int32Array }, ScoredOutcomes | null>;
  /** The weights scored on the test rows; `uses`: how often they were scored until now, this time included. */
  testResults: Call<{ weights: "best" | "last" | "baseline"; uses: number }, Tested>;
  /** Sets the thresholds of some weights of a run; null for those that they have by themselves. */
  setThresholds: Call<{ weights: "best" | "last" | "baseline"; thresholds: Thresholds | null }, null>;
  predict: Call<
    { job: string; texts: readonly string[]; weights: "best" | "last" | "baseline" | "checkpoint" },
    { task: string; labelNames: string[]; predictions: AnyPrediction[]; lengths: TokenCounts[] }
  >;
  /** Explains what is predicted of one text, which comes with the places of its tokens. */
  explain: Call<
    {
      job: string;
      texts: readonly [string] | readonly [string, string];
      weights: "best" | "last" | "baseline" | "checkpoint";
      options: ExplainOptions;
      clean?: TextSteps;
    },
    Attribution
  >;
  /** Training rows of the run whose vectors are nearest to a text's; `stop` ends it early, with null. */
  nearest: Call<{ job: string; weights: "best" | "last" | "baseline"; count: number }, Neighbor[] | null>;
  /** Orders rows without a label by how unsure the run's weights are of them; `stop` ends it early with those asked. */
  rank: Call<{ job: string; weights: "best" | "last" | "baseline"; by: Ranking; batch: number }, RankedRows>;
  /** Maps rows of the run by its weights; null where `stop` ended it. */
  map: Call<{ part: MappedPart; weights: "best" | "last" | "baseline" }, RowMap | null>;
  /** A report of the run as one HTML file, for colleagues; `rows` are those of the validation rows. */
  report: Call<
    { weights: "best" | "last" | "baseline"; dataName: string; rows: RowText[] },
    { name: string; file: Blob }
  >;
  /** `rows`: for predictions.csv, table row and text of each validation row; `testRows` of each test row. */
  export: Call<ExportChoice & { rows: RowText[]; testRows?: RowText[] }, { name: string; file: Blob }>;
}

/** A message that `train` sends unasked. */
export type TrainNotice =
  | { type: "event"; event: TrainEvent; of?: FoldPlace }
  /** A fold is complete. */
  | { type: "fold"; scores: FoldScores }
  /** A cross-validation has ended or was stopped; `summary` is null where no fold is complete. */
  | { type: "foldsEnd"; summary: FoldsSummary | null }
  | { type: "progress"; progress: Progress }
  /** The run goes on after a loss or an interruption, for which `after` has the words: these are all events until then. */
  | { type: "goesOn"; events: readonly TrainEvent[]; after: string | null }
  /** The run is kept in the browser as it was after `step`, or could not be. */
  | { type: "saved"; step: number; savedAt: number }
  | { type: "notSaved"; problem: ProblemReport }
  /** The run is paused, after all finished steps have been reported. */
  | { type: "paused" }
  | { type: "failed"; problem: ProblemReport }
  | { type: "backend"; info: BackendInfo }
  /**
   * The speed of each matrix-multiply tile on this GPU, measured at the first start or read from an earlier
   * measurement.
   */
  | { type: "tuned"; speeds: TileSpeed[] };

/** train -> page: asks the page to start a thread of the wasm kernels with this. */
export interface ThreadNotice {
  type: "startThread";
  start: unknown;
}

// ---- page -> layout ----

/** A worker that is made for one layout, and ended to cancel it. */
export interface LayoutCalls {
  /** Lays rows out by UMAP: coordinates [rows · 2]. */
  umap: Call<{ components: Float32Array; width: number; seed: number }, Float32Array>;
}

// ---- page -> tokenize ----

export interface TokenizeCalls {
  /** Fails if the files describe no tokenizer; changes nothing. */
  check: Call<{ files: TokenizerFiles }, null>;
  open: Call<{ files: TokenizerFiles; toTrain: MessagePort; fromData: MessagePort }, null>;
  /** What is to be said of how well the open tokenizer, and its model, fit some texts. */
  fit: Call<{ texts: string[]; lowercase: boolean; maxPositions: number }, Finding[]>;
  /** Encodes a few texts for `train` as the only chunk of a job (for "Try it"). */
  encode: Call<{ chunk: TextChunk }, null>;
}

/** data -> tokenize. Chunks of a job may be encoded by several workers and arrive out of order. */
export interface TextChunk {
  job: string;
  index: number;
  /** Number of chunks of the job; only the last chunk knows it, others have null. */
  chunks: number | null;
  texts: string[];
  pairs: string[] | null;
  limit: TextLimit;
  /** Whether only lengths are wanted: they are returned to `data`, and `train` gets nothing. */
  lengthsOnly: boolean;
  /** What is done to the texts first; nothing where not given. */
  clean?: TextSteps;
  /** Whether copies among the texts have masked words, which become the mask token. */
  masks?: boolean;
}

/** tokenize -> data: ready for another chunk; carries the lengths when only those were asked for. */
export interface ChunkDone {
  job: string;
  index: number;
  rows: number;
  fullLengths: Int32Array | null;
  problem: ProblemReport | null;
}

/** tokenize -> train; the arrays are transferred. A chunk that could not be encoded fails its job. */
export type EncodedChunk = { job: string; index: number; chunks: number | null } & (
  { rows: EncodedRows } | { problem: ProblemReport }
);
