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
  LengthHistogram,
  MeasuredMachine,
  ModelSummary,
  ProblemReport,
  Progress,
  RateCurve,
  RunPlan,
  TableSummary,
  TextFileSummary,
  TextsSummary,
} from "../workers/protocol.ts";
import type { DataFacts } from "../advice/record.ts";
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
  columns: ColumnChoice | null;
  cleaning: Partial<Cleaning>;
  earlier: EarlierChoice | null;
}

export interface DataState {
  /** Name of `train`; "" while nothing is open. */
  name: string;
  train: TableSource | null;
  validation: TableSource | null;
  table: TableSummary | null;
  /** The second file, where validation rows come from one; else a share is split off. */
  validationTable: TableSummary | null;
  /** Whether validation rows are to come from a second file, which may not be open yet. */
  wantsValidationFile: boolean;
  columns: ColumnChoice | null;
  /** Which labels are merged or count as missing. */
  cleaning: Partial<Cleaning>;
  summary: DataSummary | null;
  /** Lengths in tokens, once data and model are open; until then `summary.lengths` counts words. */
  tokenLengths: LengthHistogram | null;
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
  busy: Progress | null;
  problem: ProblemReport | null;
}

/** A plain text file that pretraining reads instead of the table's texts. */
export interface TextFileState {
  /** Whether the texts to pretrain on are to come from a file, which may not be open yet. */
  wanted: boolean;
  summary: TextFileSummary | null;
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
  /** Facts about the rows and the model that it was started with. */
  facts: DataFacts;
  /** Whether the trained weights have been downloaded; otherwise leaving the page asks first. */
  downloaded: boolean;
}

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

export interface AppState {
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
  run: RunState;
  rateSearch: RateSearch;
  estimate: Estimate;
  question: Question | null;
}

export const emptyData: DataState = {
  name: "",
  train: null,
  validation: null,
  table: null,
  validationTable: null,
  wantsValidationFile: false,
  columns: null,
  cleaning: {},
  summary: null,
  tokenLengths: null,
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
    facts: { trainCounts: [], longerThan: null, mostTokens: null, layers: null },
    downloaded: false,
  };
}

export function initialState(): AppState {
  return {
    data: emptyData,
    earlier: emptyEarlier,
    model: { summary: null, busy: null, problem: null },
    textFile: { wanted: false, summary: null, busy: null, problem: null },
    recipe: untouchedRecipe,
    drafts: new Map(),
    goTo: null,
    fileProblems: [],
    recipeProblem: null,
    past: [],
    future: [],
    backend: { choice: "auto", info: null, speeds: null, measuring: null, busy: false, problem: null },
    machine: { progress: null, measured: null, problem: null },
    run: idleRun(),
    rateSearch: { progress: null, curve: null, problem: null },
    estimate: { progress: null, plan: null, of: null, problem: null },
    question: null,
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
