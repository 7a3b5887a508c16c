import type { LearningPoint } from "../tasks/learning-curve.ts";
import type {
  BaselineEvent,
  BestEvent,
  EarlierEvent,
  EndEvent,
  EvaluationEvent,
  PlanEvent,
  PretrainEvent,
  StepEvent,
  TileSpeed,
} from "../workers/protocol.ts";
import type {
  BackendChoice,
  BackendInfo,
  Cleaning,
  ColumnChoice,
  FormatOverrides,
  DataSummary,
  Edit,
  CellEdit,
  Finding,
  FoldCounts,
  FoldPlace,
  FoldScores,
  FoldsSummary,
  LengthHistogram,
  MeasuredMachine,
  ModelSummary,
  ProblemReport,
  Progress,
  RankedIssues,
  RateCurve,
  RunPlan,
  TableSummary,
  Tested,
  TextFileSummary,
  TextsSummary,
} from "../workers/protocol.ts";
import type { KeptRun } from "../workers/session.ts";
import type { SliceQuery } from "../insight/slices.ts";
import type { DataFacts } from "../advice/record.ts";
import type { LiveRun } from "./run-lock/live-channel.ts";
import { untouchedRecipe, type Recipe } from "../recipe/recipe.ts";

/** A file and how it is to be read; parts of the format that are not given are detected. */
export interface TableSource {
  file: File;
  /** Files with its labels and their names, where these are separate files. */
  beside: readonly File[];
  /** A name for people, e.g. "SMS Spam"; else the file's name. */
  name: string;
  format: FormatOverrides;
}

/** Everything that undo restores. Files are handles, so keeping old ones costs nothing. */
export interface Snapshot {
  recipe: Recipe;
  train: TableSource | null;
  validation: TableSource | null;
  test: TableSource | null;
  columns: ColumnChoice | null;
  cleaning: Partial<Cleaning>;
  edits: readonly Edit[];
  earlier: EarlierChoice | null;
}

export interface DataState {
  /** Name of `train`; "" while nothing is open. */
  name: string;
  train: TableSource | null;
  validation: TableSource | null;
  test: TableSource | null;
  table: TableSummary | null;
  /** The second file, where validation rows come from one; else a share is split off. */
  validationTable: TableSummary | null;
  /** The same of test rows; else the recipe's share of the rows is set apart, or none. */
  testTable: TableSummary | null;
  /** Whether validation rows, or test rows, are to come from a file of their own, which may not be open yet. */
  wantsValidationFile: boolean;
  wantsTestFile: boolean;
  columns: ColumnChoice | null;
  /** Which labels are merged or count as missing. */
  cleaning: Partial<Cleaning>;
  /** Changes of the rows of the training table, in order; the same array until there are others. */
  edits: readonly Edit[];
  summary: DataSummary | null;
  /** Lengths in tokens, once data and model are open; until then `summary.lengths` counts words. */
  tokenLengths: LengthHistogram | null;
  /** What is to be said of how well the model fits the texts; counted with the lengths. */
  fit: readonly Finding[];
  /** Progress of opening, selecting or splitting. */
  busy: Progress | null;
  /** Progress of measuring lengths in tokens; nothing waits for it. */
  measuring: Progress | null;
  problem: ProblemReport | null;
}

/** Rows with labels of the model's own classifier, or plain texts for its language model. */
export type EarlierKind = "rows" | "texts";

/** The file of an earlier task, how it is read, and the columns of its rows; undo restores them together. */
export interface EarlierChoice {
  source: TableSource;
  kind: EarlierKind;
  columns: ColumnChoice | null;
}

/** The earlier task that the model should not forget. */
export interface EarlierState {
  choice: EarlierChoice | null;
  /** Set when the file holds rows. */
  table: TableSummary | null;
  /** Null while no model with a classifier is open, and when the rows could not be read. */
  summary: DataSummary | null;
  /** Set when the file holds texts. */
  texts: TextFileSummary | null;
  /** Null when the texts could not be split. */
  split: TextsSummary | null;
  busy: Progress | null;
  problem: ProblemReport | null;
}

export interface ModelState {
  summary: ModelSummary | null;
  /** The files that it was opened from, and what is said of their licence. */
  source: { files: readonly File[]; licence: string } | null;
  busy: Progress | null;
  problem: ProblemReport | null;
}

/** How runs are kept in the browser, and those that were cut off. */
export interface KeepState {
  /** Whether the next run is kept while it trains. */
  isOn: boolean;
  /** A save is due after this time. */
  minutes: number;
  /** Why this browser cannot keep runs, as a clause to follow “because”; null where it can, or it is not known yet. */
  reason: string | null;
  /** Bytes that the browser still lets this page keep; null where it does not say. */
  room: number | null;
  /** The last save of the run that trains. */
  saved: { step: number; savedAt: number } | null;
  /** Runs that were cut off and can go on, saved last first. */
  runs: readonly KeptRun[];
  /** Progress of opening one of them. */
  busy: Progress | null;
  problem: ProblemReport | null;
}

/** A plain text file that pretraining reads instead of the table's texts. */
export interface TextFileState {
  /** Whether the texts to pretrain on are to come from a file, which may not be open yet. */
  wanted: boolean;
  summary: TextFileSummary | null;
  file: File | null;
  busy: Progress | null;
  problem: ProblemReport | null;
}

export interface BackendState {
  choice: BackendChoice;
  /** Null until the train worker has started. */
  info: BackendInfo | null;
  /**
   * The speed of the GPU with each matrix-multiply tile; null until it was measured, or read from an earlier
   * measurement, at a start.
   */
  speeds: TileSpeed[] | null;
  /** Progress of that measurement. */
  measuring: Progress | null;
  busy: boolean;
  problem: ProblemReport | null;
}

/** The measurement of this machine; it is running while `progress` is set, and the last one stays until dismissed. */
export interface MachineState {
  progress: Progress | null;
  measured: MeasuredMachine | null;
  problem: ProblemReport | null;
}

export type RunStatus = "idle" | "preparing" | "training" | "pausing" | "paused" | "stopping" | "done" | "failed";

export interface RunState {
  status: RunStatus;
  /** Events of continued pretraining, which comes before the plan; appended in place, like `steps`. */
  pretraining: PretrainEvent[];
  plan: PlanEvent | null;
  /**
   * Appended in place, because copying on each of 20,000 events would be quadratic. A new `version` signals that it has grown; a new run has a new array.
   */
  steps: StepEvent[];
  /** Increases by one each time notices were applied, at most about four times a second. */
  version: number;
  /** The linear model on the frozen encoder's vectors; null until it is fitted, and where there is none. */
  baseline: BaselineEvent | null;
  evaluations: EvaluationEvent[];
  /** The earlier task's scores, each after the evaluation of the same step and scope. */
  earlier: EarlierEvent[];
  /** The earlier task's file; null where there is none. */
  earlierTask: { name: string; kind: EarlierKind } | null;
  best: BestEvent | null;
  /** Bytes held by tensors, as last reported; `peakMemory` is the largest value reported. */
  memory: number;
  peakMemory: number;
  end: EndEvent | null;
  problem: ProblemReport | null;
  /** Progress of the preparation. */
  progress: Progress | null;
  /** The recipe that the run was started with; null before the first run. */
  recipe: Recipe | null;
  labelNames: string[];
  /** The changes of rows that it was started with: where the data has others, it is a run of earlier data. */
  edits: readonly Edit[];
  /** Facts about the rows and the model that it was started with. */
  facts: DataFacts;
  /** Set where the run is a cross-validation; plan, steps and evaluations are then of one model after the other. */
  folds: FoldsState | null;
  /** Number of rows set apart to test on. */
  testRows: number;
  /** Scores on test rows that were opened, by the weights that they were scored with; a new object with each. */
  tests: Partial<Record<Tested["weights"], Pick<Tested, "weights" | "uses" | "report">>>;
  /** A new object each time thresholds were set: what was computed with the weights before is then old. */
  decided: object | null;
  /** What interrupted it, and where it went on; in sentences. */
  setbacks: readonly string[];
  /** Whether the trained weights have been downloaded; otherwise leaving the page asks first. */
  downloaded: boolean;
}

/** A slice of rows that a person keeps, across runs. */
export interface NamedSlice {
  name: string;
  query: SliceQuery;
}

/** Validation rows that were selected in a panel; every panel shows them against all rows. */
export interface Selection {
  /** In words, as part of a sentence: "true joy, predicted anger". */
  name: string;
  /** Their places in the validation set of the last run, ascending. */
  rows: Int32Array;
  /** The panel that they were selected in. */
  source: "matrix" | "calibration" | "slice" | "map";
  /** What was pressed there, as the panel names it; it is shown as pressed. */
  key?: string;
  /** The rows among which they were selected; all rows where not given. */
  within?: Selection;
}

/** The evaluations of one fold. */
export interface FoldCurve extends Pick<RunState, "evaluations" | "plan"> {
  repeat: number;
  fold: number;
}

/** A cross-validation as far as it has come. */
export interface FoldsState {
  counts: FoldCounts;
  /** Name of the task. */
  task: string;
  /** What trains now, or did last; null before the first event. */
  current: FoldPlace | null;
  /** The folds that are complete, and their evaluations. */
  done: FoldScores[];
  curves: FoldCurve[];
  /** Null until the end, and where no fold is complete. */
  summary: FoldsSummary | null;
}

/** Whether the next run is a cross-validation, and of how many folds. */
export interface FoldChoice extends FoldCounts {
  isOn: boolean;
}

/** Labels in doubt, as folds of these rows judged them. */
export interface FoldedLabels {
  issues: RankedIssues;
  summary: FoldsSummary;
  /** Name of the task. */
  task: string;
  /** The folds of the run, or folds of the probe beside it. */
  by: "folds" | "probe";
  /** The changes of rows that they were judged with. */
  edits: readonly Edit[];
}

/** The scores of a model, to be compared with those of the next. */
export interface JudgedScores {
  task: string;
  isFolds: boolean;
  edits: readonly Edit[];
  /** Metrics by key, and their intervals. */
  value: Record<string, number>;
  interval: Record<string, readonly [number, number] | null>;
}

/** What is known of the labels of a table, and what a person has decided of them. */
export interface NoiseState {
  /** The table that it is of; of another one nothing is known. */
  source: TableSource | null;
  found: FoldedLabels | null;
  /** What was found before, with other changes of rows. */
  before: FoldedLabels | null;
  /** The scores of the run before, where it was trained again from the list. */
  trained: JudgedScores | null;
  /** By row of the table (from 1): the cells of an accepted suggestion, or the label that was kept. */
  decided: ReadonlyMap<number, readonly CellEdit[] | string>;
  /** Number of lists that there were. */
  lists: number;
  /** Set while folds of the probe are scored. */
  progress: Progress | null;
  problem: ProblemReport | null;
}

/** A learning curve by fine-tuning; it is being made while `progress` is set. */
export interface CurveState {
  /** The steps of the run that it is of; of another one nothing is known. */
  of: object | null;
  points: readonly LearningPoint[] | null;
  progress: Progress | null;
  problem: ProblemReport | null;
}

export const emptyCurve: CurveState = { of: null, points: null, progress: null, problem: null };

/** The sweep over learning rates; it is running while `progress` is set, and the last curve stays until dismissed. */
export interface RateSearch {
  progress: Progress | null;
  curve: RateCurve | null;
  problem: ProblemReport | null;
}

/** Why files that were chosen or dropped were not opened, and when that was reported (milliseconds since 1970). */
interface FileProblem extends ProblemReport {
  at: number;
}

/** Everything that a run depends on. */
export interface EstimatedRun {
  recipe: Recipe;
  data: DataSummary | null;
  model: ModelSummary | null;
  earlier: DataSummary | TextsSummary | null;
  textFile: TextFileSummary | null;
}

/** The estimate of a run's memory and time; `of` says what `plan` was made for. */
export interface Estimate {
  progress: Progress | null;
  plan: RunPlan | null;
  of: EstimatedRun | null;
  problem: ProblemReport | null;
}

/** A question before something would be lost; `answer` resolves `answered`. */
export interface Question {
  title: string;
  text: string;
  confirm: string;
  answer: (yes: boolean) => void;
  answered: Promise<boolean>;
}

/** A place that a click leads to: a card, and a field in it. Each click makes a new object. */
export interface Place {
  card: "data" | "model" | "recipe";
  /** The `data-field` of the field's frame. */
  field?: string;
}

/** The tabs of the run side, in order. */
export const tabNames = ["training", "rows", "results", "errors", "try", "download"] as const;
export type TabName = (typeof tabNames)[number];

export interface AppState {
  /** The tab of the run side that a person chose last; it is shown while it is open. */
  tab: TabName;
  /** The row of the table (from 1) at which the tab of all rows was opened; null where it was opened by itself. */
  openedRow: number | null;
  data: DataState;
  earlier: EarlierState;
  model: ModelState;
  textFile: TextFileState;
  /** The whole recipe; its automatic fields are filled in as soon as model and data are known. */
  recipe: Recipe;
  /** Text typed into fields that is no valid value, by the keys of `drafts.ts`; it stays when a card folds. */
  drafts: ReadonlyMap<string, string>;
  /** The place that the last click on a reason leads to. */
  goTo: Place | null;
  /** Problems of the files that were chosen or dropped last and were not opened. */
  fileProblems: FileProblem[];
  /** Why the last recipe file was refused. */
  recipeProblem: ProblemReport | null;
  past: Snapshot[];
  future: Snapshot[];
  backend: BackendState;
  machine: MachineState;
  folds: FoldChoice;
  noise: NoiseState;
  curve: CurveState;
  keep: KeepState;
  run: RunState;
  /** Rows of the last run's results that a person looks at; null for all of them. */
  selection: Selection | null;
  /** Slices that a person keeps, in the order in which they were made. */
  slices: readonly NamedSlice[];
  rateSearch: RateSearch;
  estimate: Estimate;
  question: Question | null;
  /** Whether another tab of this browser has a run; no run starts here meanwhile. */
  trainsElsewhere: boolean;
  /** That run, as its tab reports it; null until it has. */
  otherRun: LiveRun | null;
  /** Whether a notification is wanted at the end of a run; null until a person chose, which wants it where permitted. */
  notifies: boolean | null;
}

export const emptyData: DataState = {
  name: "",
  train: null,
  validation: null,
  test: null,
  table: null,
  validationTable: null,
  testTable: null,
  wantsValidationFile: false,
  wantsTestFile: false,
  columns: null,
  cleaning: {},
  edits: [],
  summary: null,
  tokenLengths: null,
  fit: [],
  busy: null,
  measuring: null,
  problem: null,
};

export const emptyEarlier: EarlierState = {
  choice: null,
  table: null,
  summary: null,
  texts: null,
  split: null,
  busy: null,
  problem: null,
};

const emptyKeep: KeepState = {
  isOn: false,
  minutes: 5,
  reason: null,
  room: null,
  saved: null,
  runs: [],
  busy: null,
  problem: null,
};

export const emptyNoise: NoiseState = {
  source: null,
  found: null,
  before: null,
  trained: null,
  decided: new Map(),
  lists: 0,
  progress: null,
  problem: null,
};

/** A run that has not begun; `steps` and `pretraining` are new arrays each time, since they are appended in place. */
export function idleRun(): RunState {
  return {
    status: "idle",
    pretraining: [],
    plan: null,
    steps: [],
    version: 0,
    baseline: null,
    evaluations: [],
    earlier: [],
    earlierTask: null,
    best: null,
    memory: 0,
    peakMemory: 0,
    end: null,
    problem: null,
    progress: null,
    recipe: null,
    labelNames: [],
    edits: emptyData.edits,
    folds: null,
    testRows: 0,
    tests: {},
    facts: { trainCounts: [], longerThan: null, mostTokens: null, layers: null },
    decided: null,
    setbacks: [],
    downloaded: false,
  };
}

export function initialState(): AppState {
  return {
    tab: "training",
    openedRow: null,
    data: emptyData,
    earlier: emptyEarlier,
    model: { summary: null, source: null, busy: null, problem: null },
    textFile: { wanted: false, summary: null, file: null, busy: null, problem: null },
    recipe: untouchedRecipe,
    drafts: new Map(),
    goTo: null,
    fileProblems: [],
    recipeProblem: null,
    past: [],
    future: [],
    backend: { choice: "auto", info: null, speeds: null, measuring: null, busy: false, problem: null },
    machine: { progress: null, measured: null, problem: null },
    folds: { isOn: false, folds: 5, repeats: 1 },
    noise: emptyNoise,
    curve: emptyCurve,
    keep: emptyKeep,
    run: idleRun(),
    selection: null,
    slices: [],
    rateSearch: { progress: null, curve: null, problem: null },
    estimate: { progress: null, plan: null, of: null, problem: null },
    question: null,
    trainsElsewhere: false,
    otherRun: null,
    notifies: null,
  };
}

/** The parts of the state that an estimate depends on. */
export function estimatedRun({
  recipe,
  data,
  model,
  earlier,
  textFile,
}: Pick<AppState, "recipe" | "data" | "model" | "earlier" | "textFile">): EstimatedRun {
  const { summary, split } = earlier;
  return { recipe, data: data.summary, model: model.summary, earlier: summary ?? split, textFile: textFile.summary };
}

/** Whether the earlier task is to predict masked words of plain texts. */
export function hasEarlierTexts({ earlier }: Pick<AppState, "earlier">): boolean {
  return earlier.choice?.kind === "texts";
}

/** True from Start until the run's last event; setup is locked meanwhile. */
export function isActive(status: RunStatus): boolean {
  return status !== "idle" && status !== "done" && status !== "failed";
}
