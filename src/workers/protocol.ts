/**
 * Every message between the page and its workers. Three kinds of workers:
 *
 *   data      holds the table: opens files, chooses columns, splits, feeds texts to the tokenizers
 *   tokenize  a pool; texts in from `data` (or the page), token ids out to `train`, over ports of their own
 *   train     holds checkpoint, backend and run
 *
 * The page asks (`…Request`, with an id) and is answered once (`Reply`); `train` also sends notices unasked.
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
import type { EncodedRows } from "../data/rows.ts";
import type { BackendChoice, BackendInfo } from "../gpu/backend.ts";
import type { TileSpeed } from "../ops/linear/tile-speeds.ts";
import type { ProblemReport } from "../problem/problem.ts";
import type { Recipe } from "../recipe/recipe.ts";
import type { ModelSummary } from "../run/open-model.ts";
import type { RunPlan } from "../run/plan.ts";
import type { Prediction, Results } from "../run/results.ts";
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
  BestEvent,
  EarlierCorpusEvent,
  EarlierEvent,
  EndEvent,
  EvaluationEvent,
  MemoryEvent,
  PlanEvent,
  PretrainEvent,
  StepEvent,
  TrainEvent,
} from "../train/events.ts";
export type { BackendChoice, BackendInfo } from "../gpu/backend.ts";
export type { TileSpeed } from "../ops/linear/tile-speeds.ts";
export type { ModelSummary } from "../run/open-model.ts";
export type { RunPlan } from "../run/plan.ts";
export type { Prediction, Results } from "../run/results.ts";
export type { ProblemReport } from "../problem/problem.ts";
export type { RateCurve, RatePoint } from "../train/rate-finder.ts";
export type { TokenizerFiles } from "../tokenize/tokenizer.ts";

/** A row of the table for the errors list. */
export interface RowText {
  tableRow: number;
  /** Where a person finds it: the line of the file, or the row of the table where the file has no lines. */
  line: number;
  text: string;
  pair: string | null;
}

/** Tokens of a text, or of a pair, special tokens included: of the whole, and those that the model read. */
export interface TokenCounts {
  whole: number;
  read: number;
}

/** Progress of one long request or of a run's preparation; `total` 0 when unknown. */
export interface Progress {
  what: string;
  done: number;
  total: number;
}

// ---- page -> data ----

/** A file of rows; "earlier" is that of the task which the checkpoint's own classifier was trained for. */
export type TableSlot = "train" | "validation" | "earlier";

/** A plain text file: to pretrain on, or of the kind that the checkpoint's language model was trained on before. */
export type TextSlot = "pretrain" | "earlier";

/** Rows that are encoded: those to train on, to validate on, to use against forgetting and to measure it on. */
export type RowsPart = "train" | "validation" | "earlierTrain" | "earlierValidation";

/**
 * Requests that open something may ask to `hold` it: what was there before then stays in use until "settle" says
 * whether the new one is taken.
 */
export type DataRequest =
  | {
      type: "openTable";
      slot: TableSlot;
      file: File;
      /** Labels of a file of texts, and maybe their names, a line each. */
      beside?: readonly File[];
      format: FormatOverrides;
      hold?: boolean;
    }
  | { type: "closeTable"; slot: TableSlot }
  | { type: "selectRows"; columns: ColumnChoice; share: number; seed: number; cleaning?: Partial<Cleaning> }
  /** `labelNames` are the classes of the checkpoint's own classifier, in its order. */
  | { type: "selectEarlier"; columns: ColumnChoice; labelNames: string[]; share: number; seed: number }
  /** The texts of the earlier task's text file in two parts, in place of rows. */
  | { type: "selectEarlierTexts"; share: number; seed: number }
  | { type: "connectTokenizers"; ports: MessagePort[] }
  | { type: "measureLengths"; job: string }
  | { type: "encode"; job: string; part: RowsPart; maxLength: number }
  | { type: "openTextFile"; slot: TextSlot; file: File; hold?: boolean }
  | { type: "closeTextFile"; slot: TextSlot }
  /** The texts to pretrain on, without those held out. */
  | { type: "encodeTextFile"; job: string; maxLength: number }
  | { type: "rowTexts"; part: "train" | "validation"; rows: number[] }
  | ({ type: "settle"; take: boolean } & HeldData);

/** What the data worker holds. */
export type HeldData = { what: "table"; slot: TableSlot } | { what: "text"; slot: TextSlot };

/** What each request resolves to. */
export interface DataResults {
  openTable: TableSummary;
  closeTable: null;
  selectRows: DataSummary;
  selectEarlier: DataSummary;
  selectEarlierTexts: TextsSummary;
  connectTokenizers: null;
  measureLengths: LengthHistogram;
  /** Labels of the part, in row order, of texts none; the ids go from the tokenizers to `train`. */
  encode: { labels: Int32Array; rows: number };
  openTextFile: TextFileSummary;
  closeTextFile: null;
  encodeTextFile: { rows: number };
  rowTexts: RowText[];
  settle: null;
}

// ---- page -> train ----

/** Rows of a task on their way to `train`, which gets them from the tokenizers under their jobs. */
export interface TaskJobs {
  labelNames: string[];
  trainJob: string;
  trainLabels: Int32Array;
  validationJob: string;
  validationLabels: Int32Array;
}

/** What a model learned before: a task of labelled rows, or to fill in hidden words of texts. */
export type EarlierJobs = ({ kind: "rows" } & TaskJobs) | { kind: "texts"; trainJob: string; validationJob: string };

/** What a run is made of. */
export interface RunRequest extends TaskJobs {
  recipe: Recipe;
  earlier: EarlierJobs | null;
  /** Texts to pretrain on; those of the training rows where not given. */
  pretrainJob?: string;
}

export type TrainRequest =
  | { type: "chooseBackend"; choice: BackendChoice; hold?: boolean }
  | { type: "openModel"; files: File[]; licence: string; hold?: boolean }
  | { type: "settle"; take: boolean; what: "model" | "backend" }
  | { type: "connectTokenizers"; ports: MessagePort[] }
  | ({ type: "start" } & RunRequest)
  /** Measures anew how this GPU multiplies best. */
  | { type: "tune" }
  /** A sweep over learning rates on a copy; ended early by "stop". */
  | { type: "findRate"; recipe: Recipe; labelNames: string[]; trainJob: string; trainLabels: Int32Array }
  /** Memory, and the time of a few steps on a copy; ended early by "stop". */
  | ({ type: "plan" } & RunRequest)
  | { type: "pause" }
  | { type: "resume" }
  | { type: "stop" }
  | { type: "results"; weights: "best" | "last" }
  | { type: "predict"; job: string; weights: "best" | "last" | "checkpoint" }
  | {
      type: "export";
      weights: "best" | "last";
      dtype: "float32" | "float16";
      /** A whole model, or the PEFT folder of a run with LoRA. */
      form: "merged" | "adapter";
      /** For predictions.csv: table row and text of each validation row. */
      rows: RowText[];
      /** For the model card. */
      dataName: string;
      /** Cells of predictions.csv that a spreadsheet program would run get an apostrophe before them. */
      neutralize?: boolean;
    };

export interface TrainResults {
  /** `isSame`: the backend that runs already is the one chosen, and nothing moves. */
  chooseBackend: BackendInfo & { isSame: boolean };
  openModel: { summary: ModelSummary; tokenizer: TokenizerFiles };
  settle: null;
  connectTokenizers: null;
  start: null;
  tune: TileSpeed[];
  findRate: RateCurve;
  plan: RunPlan;
  pause: null;
  resume: null;
  stop: null;
  results: Results;
  predict: { labelNames: string[]; predictions: Prediction[]; lengths: TokenCounts[] };
  export: { name: string; file: Blob };
}

/** Unasked, from `train`. */
export type TrainNotice =
  | { type: "event"; event: TrainEvent }
  | { type: "progress"; progress: Progress }
  /** A run rests that was told to pause. */
  | { type: "paused" }
  | { type: "failed"; problem: ProblemReport }
  | { type: "backend"; info: BackendInfo }
  /** How fast this GPU multiplies in each of our ways: measured at the first start, or known from before. */
  | { type: "tuned"; speeds: TileSpeed[] };

/** train -> page: a thread of the wasm kernels is to be started with this. */
export interface ThreadNotice {
  type: "startThread";
  start: unknown;
}

// ---- page -> tokenize ----

export type TokenizeRequest =
  /** Fails where the files describe no tokenizer, and changes nothing. */
  | { type: "check"; files: TokenizerFiles }
  | { type: "open"; files: TokenizerFiles; toTrain: MessagePort; fromData: MessagePort }
  /** Encodes texts for `train` under `job`, as a chunk of one (for "try it"). */
  | { type: "encode"; chunk: TextChunk };

export interface TokenizeResults {
  check: null;
  open: null;
  encode: null;
}

/** data -> tokenize. Chunks of a job may be encoded by several workers and arrive out of order. */
export interface TextChunk {
  job: string;
  index: number;
  /** Chunks of the job, which the last one tells; null before. */
  chunks: number | null;
  texts: string[];
  pairs: string[] | null;
  maxLength: number;
  /** Only lengths are wanted: answer to `data`, send nothing to `train`. */
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

/** tokenize -> train; the arrays are transferred. A chunk that could not be encoded spoils its job. */
export type EncodedChunk = { job: string; index: number; chunks: number | null } & (
  { rows: EncodedRows } | { problem: ProblemReport }
);

// ---- envelopes ----

export type Asked<Request> = Request & { id: number };

export type Reply<Results> =
  | { [K in keyof Results]: { id: number; type: K; ok: true; value: Results[K] } }[keyof Results]
  | { id: number; ok: false; problem: ProblemReport }
  | { id: number; progress: Progress };
