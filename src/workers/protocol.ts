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
import type {
  Cleaning,
  ColumnChoice,
  FormatOverrides,
  DataSummary,
  LengthHistogram,
  TableSummary,
  TextFileSummary,
  TextsSummary,
} from "../data/summary.ts";
import type { RowLabels } from "../data/row-labels.ts";
import type { EncodedRows } from "../data/rows.ts";
import type { TextLimit } from "../data/text-limit.ts";
import type { BackendChoice, BackendInfo } from "../gpu/backend.ts";
import type { TileSpeed } from "../gpu/device.ts";
import type { ProblemReport } from "../problem/problem.ts";
import type { Recipe } from "../recipe/recipe.ts";
import type { MachineMeasurement } from "../run/machine/measure-machine.ts";
import type { SummaryLine } from "../run/machine/summary.ts";
import type { ModelSummary } from "../run/open-model.ts";
import type { RunPlan } from "../run/plan.ts";
import type { Results } from "../run/results.ts";
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
export type { BackendChoice, BackendInfo } from "../gpu/backend.ts";
export type { TileSpeed } from "../gpu/device.ts";
export type { ModelSummary } from "../run/open-model.ts";
export type { MemoryChange, MemoryOffer } from "../plan/fit-to-memory.ts";
export type { RunPlan } from "../run/plan.ts";
export type { Results } from "../run/results.ts";
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
export type TableSlot = "train" | "validation" | "earlier";

/**
 * What a plain text file is for: to pretrain on, or the earlier task's texts, like those that the checkpoint was
 * pretrained on.
 */
export type TextSlot = "pretrain" | "earlier";

/** Parts of the rows: to train on, to validate on, to use against forgetting, and to measure forgetting on. */
export type RowsPart = "train" | "validation" | "earlierTrain" | "earlierValidation";

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

export interface DataCalls {
  /** `beside`: files with the labels of a file of texts, and maybe the labels' names, one per line. */
  openTable: Call<
    Hold & { slot: TableSlot; file: File; beside?: readonly File[]; format: FormatOverrides },
    TableSummary
  >;
  closeTable: Call<{ slot: TableSlot }, null>;
  selectRows: Call<SplitChoice & { columns: ColumnChoice; cleaning?: Partial<Cleaning> }, DataSummary>;
  /** `labelNames` are the classes of the checkpoint's own classifier, in its order. */
  selectEarlier: Call<SplitChoice & { columns: ColumnChoice; labelNames: string[] }, DataSummary>;
  /** Splits the texts of the earlier task's text file in two parts. */
  selectEarlierTexts: Call<SplitChoice, TextsSummary>;
  connectTokenizers: Call<{ ports: MessagePort[] }, null>;
  measureLengths: Call<{ job: string }, LengthHistogram>;
  /** Encodes a part; returns its labels in row order (none for texts). */
  encode: Call<EncodeJob & { part: RowsPart }, { labels: RowLabels; rows: number }>;
  openTextFile: Call<Hold & { slot: TextSlot; file: File }, TextFileSummary>;
  closeTextFile: Call<{ slot: TextSlot }, null>;
  /** Encodes the texts to pretrain on, without those held out. */
  encodeTextFile: Call<EncodeJob, { rows: number }>;
  rowTexts: Call<{ part: "train" | "validation"; rows: number[] }, RowText[]>;
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
  /** The job of the texts to pretrain on; the training rows' texts where not given. */
  pretrainJob?: string;
  /** Bytes that the device may take here before the system ends the page, which only the page can tell. */
  mostBytes?: number;
}

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
  start: Call<RunRequest, null>;
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
  predict: Call<
    { job: string; texts: readonly string[]; weights: "best" | "last" | "baseline" | "checkpoint" },
    { task: string; labelNames: string[]; predictions: AnyPrediction[]; lengths: TokenCounts[] }
  >;
  /** `rows`: for predictions.csv, table row and text of each validation row. */
  export: Call<ExportChoice & { rows: RowText[] }, { name: string; file: Blob }>;
}

/** A message that `train` sends unasked. */
export type TrainNotice =
  | { type: "event"; event: TrainEvent }
  | { type: "progress"; progress: Progress }
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

// ---- page -> tokenize ----

export interface TokenizeCalls {
  /** Fails if the files describe no tokenizer; changes nothing. */
  check: Call<{ files: TokenizerFiles }, null>;
  open: Call<{ files: TokenizerFiles; toTrain: MessagePort; fromData: MessagePort }, null>;
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
