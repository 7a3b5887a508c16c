import { labelledCount } from "../data/row-labels.ts";
import { textLimitOf, type TextLimit } from "../data/text-limit.ts";
import { Problem, reportProblem } from "../problem/problem.ts";
import type { Recipe } from "../recipe/recipe.ts";
import { taskNamed, tasks } from "../tasks/registry.ts";
import { limitOf } from "../tasks/task.ts";
import { LazyWorker, type WorkerLike } from "./lazy-worker.ts";
import type {
  BackendChoice,
  BackendInfo,
  Cleaning,
  ColumnChoice,
  FormatOverrides,
  DataCalls,
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
  RunRequest,
  TableSlot,
  TableSummary,
  TileSpeed,
  TextFileSummary,
  TextSlot,
  TextsSummary,
  ThreadNotice,
  TrainNotice,
  TrainCalls,
} from "./protocol.ts";
import { encodeForRun, type EarlierSummary, type EncodePart } from "./run-jobs.ts";
import type { Remote } from "./request.ts";
import { columnsFor, Declined, type Allow, type Session } from "./session.ts";
import { Tokenizers } from "./tokenizers.ts";

/** Starts a worker of a kind. */
export type Spawn = (kind: "data" | "tokenize" | "train" | "thread") => WorkerLike;

interface Split {
  share: number;
  seed: number;
}

interface Selection extends Split {
  cleaning: Partial<Cleaning>;
  columns: ColumnChoice;
  summary: DataSummary;
}

/** What was selected for an earlier task; `columns` is null for texts. */
interface EarlierSelection extends Split {
  columns: ColumnChoice | null;
  summary: EarlierSummary;
}

/** A session over three kinds of workers, each started when it is first asked. */
export class WorkerSession implements Session {
  private readonly data: Remote<DataCalls>;
  private readonly train: Remote<TrainCalls>;
  private readonly workers: { close(): void }[];
  private readonly trainWorker: LazyWorker<TrainCalls, TrainNotice | ThreadNotice>;
  /** Threads of the wasm kernels that `train` runs. */
  private readonly threads: WorkerLike[] = [];
  private readonly tokenizers: Tokenizers;
  private readonly listeners = new Set<(notice: TrainNotice) => void>();
  private selection: Selection | null = null;
  /** The selection of the earlier task. */
  private earlier: EarlierSelection | null = null;
  private textFile: TextFileSummary | null = null;
  private model: ModelSummary | null = null;
  /** Number of validation rows of the run, which does not change when other rows are selected later. */
  private validationRows = 0;
  /** How the run reads long texts; so do predictions with its weights. */
  private runLimit: TextLimit | null = null;
  private jobs = 0;
  /** Whether `stop` was called since the last start, whose rows may not have reached `train` yet. */
  private stopped = false;

  /**
   * @param tokenizerCount number of tokenizer workers, at least 1
   * @param mostBytes bytes that the device may take here, see `mostDeviceBytes`
   */
  constructor(
    spawn: Spawn,
    tokenizerCount: number,
    private readonly mostBytes = Infinity,
  ) {
    const failed = (problem: Problem) => {
      this.notify({ type: "failed", problem: reportProblem(problem) });
      // A worker often survives its error: stopping lets the run end with its best weights instead of continuing
      // unseen.
      void this.train.stop().catch(() => undefined);
    };
    const data = new LazyWorker<DataCalls>(() => spawn("data"));
    const train = (this.trainWorker = new LazyWorker<TrainCalls, TrainNotice | ThreadNotice>(
      () => spawn("train"),
      (notice) => {
        if (notice.type === "startThread") this.startThread(spawn("thread"), notice.start);
        else this.notify(notice);
      },
      failed,
    ));
    this.data = data.calls;
    this.train = train.calls;
    // A chunk that was lost with its tokenizer would never arrive, so all jobs of the pool are rejected.
    this.tokenizers = new Tokenizers(
      () => spawn("tokenize"),
      tokenizerCount,
      () => {
        void this.data.connectTokenizers({ ports: [] }).catch(() => undefined);
      },
    );
    this.workers = [data, train, this.tokenizers];
  }

  async openTable(
    slot: TableSlot,
    file: File,
    format: FormatOverrides = {},
    allow: Allow = always,
    beside: readonly File[] = [],
  ): Promise<TableSummary> {
    const summary = await this.data.openTable({ slot, file, beside, format, hold: true });
    await permitted(allow, (take) => this.data.settle({ what: "table", slot, take }));
    this.forgetSelection(slot);
    return summary;
  }

  async closeTable(slot: TableSlot): Promise<void> {
    await this.data.closeTable({ slot });
    this.forgetSelection(slot);
  }

  async selectRows(
    columns: ColumnChoice,
    share: number,
    seed: number,
    cleaning: Partial<Cleaning> = {},
  ): Promise<DataSummary> {
    const summary = await this.data.selectRows({ columns, share, seed, cleaning });
    this.selection = { columns, share, seed, cleaning, summary };
    return summary;
  }

  async selectEarlier(columns: ColumnChoice, share: number, seed: number): Promise<DataSummary> {
    const labelNames = this.model?.labelNames;
    if (!labelNames) throw missing("no classifier of an earlier task", "Open a checkpoint that was fine-tuned on it.");
    this.earlier = null;
    const summary = await this.data.selectEarlier({ columns, labelNames, share, seed });
    this.earlier = { columns, share, seed, summary: { kind: "rows", ...summary } };
    return summary;
  }

  async selectEarlierTexts(share: number, seed: number): Promise<TextsSummary> {
    this.earlier = null;
    const summary = await this.data.selectEarlierTexts({ share, seed });
    this.earlier = { columns: null, share, seed, summary: { kind: "texts", ...summary } };
    return summary;
  }

  measureLengths(onProgress?: (progress: Progress) => void): Promise<LengthHistogram> {
    return this.data.measureLengths({ job: this.jobName("lengths") }, { onProgress });
  }

  rowTexts(part: "train" | "validation", rows: number[]): Promise<RowText[]> {
    return this.data.rowTexts({ part, rows });
  }

  async openTextFile(slot: TextSlot, file: File, allow: Allow = always): Promise<TextFileSummary> {
    const summary = await this.data.openTextFile({ slot, file, hold: true });
    await permitted(allow, (take) => this.data.settle({ what: "text", slot, take }));
    if (slot === "pretrain") this.textFile = summary;
    else this.earlier = null;
    return summary;
  }

  async closeTextFile(slot: TextSlot): Promise<void> {
    await this.data.closeTextFile({ slot });
    if (slot === "pretrain") this.textFile = null;
    else this.earlier = null;
  }

  async chooseBackend(choice: BackendChoice, allow: Allow = always): Promise<BackendInfo> {
    const { isSame, ...info } = await this.train.chooseBackend({ choice, hold: true });
    await permitted(isSame ? always : allow, (take) => this.train.settle({ what: "backend", take }));
    return info;
  }

  async openModel(
    files: File[],
    licence = "",
    onProgress?: (progress: Progress) => void,
    allow: Allow = always,
  ): Promise<ModelSummary> {
    const { summary, tokenizer } = await this.train.openModel({ files, licence, hold: true }, { onProgress });
    const isUsable = async () => {
      await this.tokenizers.check(tokenizer);
      return allow();
    };
    await permitted(isUsable, (take) => this.train.settle({ what: "model", take }));
    const { forData, forTrain } = await this.tokenizers.open(tokenizer);
    await Promise.all([
      this.data.connectTokenizers({ ports: forData }, { transfer: forData }),
      this.train.connectTokenizers({ ports: forTrain }, { transfer: forTrain }),
    ]);
    this.model = summary;
    this.earlier = null;
    return summary;
  }

  async start(recipe: Recipe): Promise<void> {
    const onProgress = (progress: Progress) => this.notify({ type: "progress", progress });
    this.stopped = false;
    const request = await this.encoded(recipe, onProgress);
    if (this.stopped) throw new Declined();
    await this.train.start({ ...request });
    this.runLimit = limitOf(taskNamed(request.task), recipe);
    this.validationRows = labelledCount(request.validationLabels);
  }

  async plan(recipe: Recipe, onProgress: (progress: Progress) => void = () => undefined): Promise<RunPlan> {
    const request = await this.encoded(recipe, onProgress);
    return this.train.plan({ ...request }, { onProgress });
  }

  /** Sends the rows that a recipe needs to `train`, and returns their jobs. */
  private async encoded(recipe: Recipe, onProgress: (progress: Progress) => void): Promise<RunRequest> {
    const { summary } = await this.selectionFor(recipe);
    const earlier = await this.earlierFor(recipe);
    const encode: EncodePart = async (part, onRows) => {
      const job = this.jobName(part);
      const limit = limitOf(taskNamed(summary.task), recipe);
      return { job, ...(await this.data.encode({ job, part, limit }, { onProgress: onRows })) };
    };
    const jobs = await encodeForRun(encode, summary, earlier?.summary ?? null, onProgress);
    const pretrainJob = await this.encodeTextFile(recipe, onProgress);
    return { recipe, mostBytes: this.mostBytes, ...jobs, ...(pretrainJob !== null && { pretrainJob }) };
  }

  async findRate(recipe: Recipe, onProgress?: (progress: Progress) => void): Promise<RateCurve> {
    const { summary } = await this.selectionFor(recipe);
    const trainJob = this.jobName("rate");
    const limit = limitOf(taskNamed(summary.task), recipe);
    const train = await this.data.encode({ job: trainJob, part: "train", limit }, { onProgress });
    const { task, labelNames } = summary;
    const request = { recipe, task, labelNames, trainJob, trainLabels: train.labels };
    return this.train.findRate({ ...request, mostBytes: this.mostBytes }, { onProgress });
  }

  tune(onProgress?: (progress: Progress) => void): Promise<TileSpeed[]> {
    return this.train.tune(undefined, { onProgress });
  }

  measureMachine(onProgress?: (progress: Progress) => void): Promise<MeasuredMachine> {
    return this.train.measureMachine(undefined, { onProgress });
  }

  async pause(): Promise<void> {
    await this.train.pause();
  }

  async resume(): Promise<void> {
    await this.train.resume();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.train.stop();
  }

  pageSeen(isSeen: boolean): void {
    if (this.trainWorker.isStarted) void this.train.pageSeen({ isSeen }).catch(() => undefined);
  }

  onNotice(listener: (notice: TrainNotice) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  results(weights: "best" | "last" | "baseline"): Promise<Results> {
    return this.train.results({ weights });
  }

  async predict(
    texts: string[],
    pairs: string[] | null,
    weights: "best" | "last" | "baseline" | "checkpoint",
  ): Promise<Awaited<ReturnType<Session["predict"]>>> {
    if (this.model === null) throw missing("no model", "Open a model first.");
    const job = this.jobName("predict");
    const { head, limit: own } = this.model;
    const ofCheckpoint = limitOf(tasks.find(({ name }) => name === head.kind) ?? {}, own);
    const limit = weights === "checkpoint" ? ofCheckpoint : (this.runLimit ?? ofCheckpoint);
    await this.tokenizers.encode(job, texts, pairs, limit);
    return this.train.predict({ job, texts, weights });
  }

  async exportFolder(
    options: ExportChoice,
    onProgress?: (progress: Progress) => void,
  ): Promise<{ name: string; file: Blob }> {
    const rows = await this.rowTexts("validation", [...Array(this.validationRows).keys()]);
    return this.train.export({ ...options, rows }, { onProgress });
  }

  close(): void {
    for (const worker of this.workers) worker.close();
    for (const thread of this.threads) thread.terminate();
    this.listeners.clear();
  }

  /** The selected rows, split as the recipe says, also if it changed after they were selected. */
  private async selectionFor(recipe: Recipe): Promise<Selection> {
    if (this.selection === null) throw missing("no data", "Open a table and choose its columns first.");
    if (this.model === null) throw missing("no model", "Open a model first.");
    const { columns, share, seed, cleaning } = this.selection;
    const own = columnsFor(columns, recipe);
    if (share !== recipe.validationShare || seed !== recipe.seed || own.task !== columns.task) {
      await this.selectRows(own, recipe.validationShare, recipe.seed, cleaning);
    }
    return this.selection;
  }

  /** The selection of the earlier task, split as the recipe says; null where there is none. */
  private async earlierFor({ validationShare, seed }: Recipe): Promise<EarlierSelection | null> {
    const { earlier } = this;
    if (earlier && (earlier.share !== validationShare || earlier.seed !== seed)) {
      if (earlier.columns) await this.selectEarlier(earlier.columns, validationShare, seed);
      else await this.selectEarlierTexts(validationShare, seed);
    }
    return this.earlier;
  }

  private forgetSelection(slot: TableSlot): void {
    if (slot === "earlier") this.earlier = null;
    else this.selection = null;
  }

  /** Encodes the text file and returns its job; null where the run reads none. */
  private async encodeTextFile(recipe: Recipe, onProgress: (progress: Progress) => void): Promise<string | null> {
    if (this.textFile === null || recipe.pretrainEpochs === 0) return null;
    const job = this.jobName("pretrain");
    await this.data.encodeTextFile({ job, limit: textLimitOf(recipe) }, { onProgress });
    return job;
  }

  private startThread(thread: WorkerLike, start: unknown): void {
    this.threads.push(thread);
    thread.postMessage(start);
  }

  private notify(notice: TrainNotice): void {
    for (const listener of this.listeners) listener(notice);
  }

  private jobName(kind: string): string {
    return `${kind}-${++this.jobs}`;
  }
}

const always: Allow = () => Promise.resolve(true);

/**
 * Asks whether what a worker holds may replace what was there, and settles it in the worker.
 *
 * @throws Declined after a no
 */
async function permitted(allow: Allow, settle: (take: boolean) => Promise<null>): Promise<void> {
  const answer = await allow().catch(async (error: unknown) => {
    await settle(false);
    throw error;
  });
  await settle(answer);
  if (!answer) throw new Declined();
}

function missing(what: string, remedy: string): Problem {
  return new Problem({
    found: `There is ${what} yet.`,
    expected: "This needs data and a model.",
    remedy,
  });
}
