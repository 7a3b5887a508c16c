import type {
  BestEvent,
  EarlierCorpusEvent,
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
import { automaticFields, type AutomaticField } from "../recipe/automatic.ts";
import { defaultRecipe, type Recipe } from "../recipe/recipe.ts";

/** A file and how the person wants it read; parts of the format that are not given are found by inspection. */
export interface TableSource {
  file: File;
  /** Its labels and maybe their names, where those are files of their own. */
  beside: readonly File[];
  /** For people, e.g. "SMS Spam"; the file's name unless it is known better. */
  name: string;
  format: FormatOverrides;
}

/** All that undo brings back. Files are handles, so keeping old ones costs nothing. */
export interface Snapshot {
  recipe: Recipe;
  automatic: readonly AutomaticField[];
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
  /** The second file, when validation rows come from one; else they are split off by share. */
  validationTable: TableSummary | null;
  /** Validation rows are to come from a second file, which may not be open yet. */
  wantsValidationFile: boolean;
  columns: ColumnChoice | null;
  /** What of the labels is merged or counts as missing. */
  cleaning: Partial<Cleaning>;
  summary: DataSummary | null;
  /** Lengths in tokens, once both data and model are there; until then `summary.lengths` counts words. */
  tokenLengths: LengthHistogram | null;
  /** Opening, selecting or splitting. */
  busy: Progress | null;
  /** Measuring lengths in tokens; nothing waits for it. */
  measuring: Progress | null;
  problem: ProblemReport | null;
}

/** Rows with labels of the model's own classifier, or plain texts for its language model. */
export type EarlierKind = "rows" | "texts";

/** The file of an earlier task, how it is read, and the columns of its rows: undo brings them back together. */
export interface EarlierChoice {
  source: TableSource;
  kind: EarlierKind;
  columns: ColumnChoice | null;
}

/** What the model learned before, against forgetting it. */
export interface EarlierState {
  choice: EarlierChoice | null;
  /** Of rows. */
  table: TableSummary | null;
  /** Null while no model with a classifier is open, and where the rows could not be read. */
  summary: DataSummary | null;
  /** Of texts. */
  texts: TextFileSummary | null;
  /** Null where they could not be split. */
  split: TextsSummary | null;
  busy: Progress | null;
  problem: ProblemReport | null;
}

export interface ModelState {
  summary: ModelSummary | null;
  busy: Progress | null;
  problem: ProblemReport | null;
}

/** A plain text file that runs which pretrain read in place of the table's texts. */
export interface TextFileState {
  /** Texts to pretrain on are to come from a file, which may not be open yet. */
  wanted: boolean;
  summary: TextFileSummary | null;
  busy: Progress | null;
  problem: ProblemReport | null;
}

export interface BackendState {
  choice: BackendChoice;
  /** Null until the train worker has started. */
  info: BackendInfo | null;
  /** How fast the GPU multiplies in each way; null until it was measured, or found measured, at a start. */
  speeds: TileSpeed[] | null;
  /** Measuring just that. */
  measuring: Progress | null;
  busy: boolean;
  problem: ProblemReport | null;
}

/** A score of an earlier task: of rows under their classifier, or of texts under the language model. */
export type EarlierScore = EarlierEvent | EarlierCorpusEvent;

export type RunStatus = "idle" | "preparing" | "training" | "pausing" | "paused" | "stopping" | "done" | "failed";

export interface RunState {
  status: RunStatus;
  /** Of continued pretraining, which comes before the plan; appended in place, as `steps`. */
  pretraining: PretrainEvent[];
  plan: PlanEvent | null;
  /**
   * Appended in place: copying on each of 20,000 events would be quadratic. A new `version` says that it has grown;
   * a new run has a new array.
   */
  steps: StepEvent[];
  /** Grows by one each time that notices were taken over, at most about four times a second. */
  version: number;
  evaluations: EvaluationEvent[];
  /** The earlier task's scores, each after the evaluation of the same step and scope; all of one type. */
  earlier: EarlierScore[];
  /** The earlier task's file; null where the run has none. */
  earlierTask: { name: string; kind: EarlierKind } | null;
  best: BestEvent | null;
  /** Bytes held by tensors, as last told; `peakMemory` is the largest told. */
  memory: number;
  peakMemory: number;
  end: EndEvent | null;
  problem: ProblemReport | null;
  /** Of the preparation. */
  progress: Progress | null;
  /** What the run was started with; null before the first. */
  recipe: Recipe | null;
  labelNames: string[];
  /** Of the rows and the model that it was started with. */
  facts: DataFacts;
  /** Whether the trained weights have been saved: else leaving the page asks first. */
  downloaded: boolean;
}

/** The sweep over learning rates: under way while there is progress; the last curve stays until dismissed. */
export interface RateSearch {
  progress: Progress | null;
  curve: RateCurve | null;
  problem: ProblemReport | null;
}

/** Why files that were chosen or dropped have not been taken, and when that was said (milliseconds since 1970). */
interface FileProblem extends ProblemReport {
  at: number;
}

/** What decides a run. */
export interface EstimatedRun {
  recipe: Recipe;
  data: DataSummary | null;
  model: ModelSummary | null;
  earlier: DataSummary | TextsSummary | null;
  textFile: TextFileSummary | null;
}

/** What a run would take; the plan is of the recipe, rows and model that stand beside it. */
export interface Estimate {
  progress: Progress | null;
  plan: RunPlan | null;
  of: EstimatedRun | null;
  problem: ProblemReport | null;
}

/** A question before something would be lost; `answer` settles `answered`. */
export interface Question {
  title: string;
  text: string;
  confirm: string;
  answer: (yes: boolean) => void;
  answered: Promise<boolean>;
}

/** A place of the page that a press leads to: a card, and a field in it. Each press makes a new one. */
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
  /** Whole: its automatic fields are filled in as soon as model and data are known. */
  recipe: Recipe;
  /** The fields of the recipe that follow model and data; one that a person sets is none of them any more. */
  automatic: readonly AutomaticField[];
  /** What was typed into fields and is no value of theirs, by `draftKey`; it stays when a card folds. */
  drafts: ReadonlyMap<string, string>;
  /** Where the last press on a reason leads. */
  goTo: Place | null;
  /** Of files that were chosen or dropped last and have not been taken. */
  fileProblems: FileProblem[];
  /** Why the last recipe file was refused. */
  recipeProblem: ProblemReport | null;
  past: Snapshot[];
  future: Snapshot[];
  backend: BackendState;
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

/** A run that has not begun; `steps` and `pretraining` are fresh arrays each time, since they are filled in place. */
export function idleRun(): RunState {
  return {
    status: "idle",
    pretraining: [],
    plan: null,
    steps: [],
    version: 0,
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
    recipe: defaultRecipe,
    automatic: automaticFields,
    drafts: new Map(),
    goTo: null,
    fileProblems: [],
    recipeProblem: null,
    past: [],
    future: [],
    backend: { choice: "auto", info: null, speeds: null, measuring: null, busy: false, problem: null },
    run: idleRun(),
    rateSearch: { progress: null, curve: null, problem: null },
    estimate: { progress: null, plan: null, of: null, problem: null },
    question: null,
  };
}

/** What of the state an estimate is of. */
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

/** Whether the earlier task is to fill in masked words of plain texts. */
export function hasEarlierTexts({ earlier }: Pick<AppState, "earlier">): boolean {
  return earlier.choice?.kind === "texts";
}

/** True from Start until the run's last event: setup is locked meanwhile. */
export function isActive(status: RunStatus): boolean {
  return status !== "idle" && status !== "done" && status !== "failed";
}
