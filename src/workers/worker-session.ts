import { labelledCount } from "../data/row-labels.ts";
import { textLimitOf, type TextLimit } from "../data/text-limit.ts";
import type { DataMap } from "../insight/data-map-lines.ts";
import type { MappedPart, RowMap } from "../insight/map/row-map.ts";
import type { Thresholds } from "../metrics/decision.ts";
import { Problem, reportProblem } from "../problem/problem.ts";
import { augmentationSteps, sameAugmentation } from "../recipe/augmentation-steps.ts";
import { cleaningSteps, sameCleaning, textSteps, type TextSteps } from "../recipe/cleaning-steps.ts";
import type { Recipe } from "../recipe/recipe.ts";
import type { SliceCandidates, SliceQuery } from "../insight/slices.ts";
import type { LearningPoint } from "../tasks/learning-curve.ts";
import { taskNamed, tasks } from "../tasks/registry.ts";
import { limitOf } from "../tasks/task.ts";
import { LazyWorker, type WorkerLike } from "./lazy-worker.ts";
import type {
  BackendChoice,
  BackendInfo,
  CellEdit,
  Cleaning,
  ColumnChoice,
  FormatOverrides,
  DataCalls,
  DataSummary,
  Edit,
  ExportChoice,
  Finding,
  FoldCounts,
  FoldFile,
  FoldsRequest,
  KeepRequest,
  LayoutCalls,
  LengthHistogram,
  MeasuredMachine,
  ModelColumnsRequest,
  ModelSummary,
  NearRow,
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
  ViewedRow,
} from "./protocol.ts";
import { encodeForFolds, encodeForRun, type EarlierSummary, type EncodePart } from "./run-jobs.ts";
import type { Remote } from "./request.ts";
import { columnsFor, Declined, type Allow, type KeptRun, type Session } from "./session.ts";
import { Tokenizers } from "./tokenizers.ts";

/** Starts a worker of a kind. */
export type Spawn = (kind: "data" | "tokenize" | "train" | "thread" | "layout") => WorkerLike;

interface Split {
  share: number;
  seed: number;
}

interface Selection {
  /** Its split and cleaning were used. */
  recipe: Recipe;
  cleaning: Partial<Cleaning>;
  columns: ColumnChoice;
  /** The edits that the rows were selected with; others make it old. */
  edits: readonly Edit[];
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
  /** Workers that lay out rows at the moment. */
  private readonly layouts = new Set<LazyWorker<LayoutCalls>>();
  /** Threads of the wasm kernels that `train` runs. */
  private readonly threads: WorkerLike[] = [];
  private readonly tokenizers: Tokenizers;
  private readonly listeners = new Set<(notice: TrainNotice) => void>();
  private selection: Selection | null = null;
  /** The edits of the training table. */
  private edits: readonly Edit[] = [];
  /** The selection of the earlier task. */
  private earlier: EarlierSelection | null = null;
  private textFile: TextFileSummary | null = null;
  private model: ModelSummary | null = null;
  /** Number of validation and of test rows of the run, which do not change when other rows are selected later. */
  private validationRows = 0;
  private testRows = 0;
  /** How often test rows of these tables were scored. */
  private testUses = 0;
  /** How the run reads long texts; so do predictions with its weights. */
  private runLimit: TextLimit | null = null;
  /** What the run does to texts; so do predictions with its weights. */
  private runCleaning: TextSteps | null = null;
  private jobs = 0;
  /** Whether `stop` was called since the last start, whose rows may not have reached `train` yet. */
  private stopped = false;

  /**
   * @param tokenizerCount number of tokenizer workers, at least 1
   * @param mostBytes bytes that the device may take here, see `mostDeviceBytes`
   */
  constructor(
    private readonly spawn: Spawn,
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

  async editTable(edits: readonly Edit[]): Promise<{ preview: string[][] }> {
    this.edits = edits;
    return this.data.editTable({ edits });
  }

  async tableCsv(neutralize: boolean): Promise<Blob> {
    return (await this.data.tableCsv({ neutralize })).file;
  }

  async editPatch(): Promise<string> {
    return (await this.data.editPatch()).text;
  }

  async readEditPatch(file: File): Promise<Edit[]> {
    return (await this.data.readEditPatch({ file })).edits;
  }

  async queryRows(query: RowQuery): Promise<number> {
    return (await this.data.queryRows({ query })).count;
  }

  async rowWindow(start: number, end: number): Promise<ViewedRow[]> {
    return (await this.data.rowWindow({ start, end })).rows;
  }

  async rowCells(row: number): Promise<string[]> {
    return (await this.data.rowCells({ row })).cells;
  }

  async labelCells(labels: readonly string[]): Promise<CellEdit[]> {
    return (await this.data.labelCells({ labels })).cells;
  }

  async rankUnlabelled(
    weights: "best" | "last" | "baseline",
    by: Ranking,
    batch: number,
    onProgress?: (progress: Progress) => void,
  ): Promise<number> {
    if (this.runLimit === null) throw missing("no model", "Train one first; the baseline is enough.");
    const job = this.jobName("unlabelled");
    const { rows } = await this.data.encode({ job, part: "unlabelled", limit: this.runLimit }, { onProgress });
    const { order, predicted, confidence } = await this.train.rank({ job, weights, by, batch }, { onProgress });
    const ranks = new Int32Array(order.length);
    order.forEach((place, rank) => (ranks[place] = rank));
    await this.data.setModelColumns({ of: "unlabelled", columns: { predicted, confidence, order: ranks } });
    return rows;
  }

  mapRows(
    part: MappedPart,
    weights: "best" | "last" | "baseline",
    onProgress?: (progress: Progress) => void,
  ): Promise<RowMap | null> {
    return this.train.map({ part, weights }, { onProgress });
  }

  async layOutRows(
    { components, width }: Pick<RowMap, "components" | "width">,
    seed: number,
    { onProgress, signal }: { onProgress?: (progress: Progress) => void; signal: AbortSignal },
  ): Promise<Float32Array | null> {
    const worker = new LazyWorker<LayoutCalls>(() => this.spawn("layout"));
    const stop = () => worker.close();
    signal.addEventListener("abort", stop);
    this.layouts.add(worker);
    try {
      return await worker.calls.umap({ components, width, seed }, { onProgress });
    } catch (error) {
      if (signal.aborted) return null;
      throw error;
    } finally {
      signal.removeEventListener("abort", stop);
      this.layouts.delete(worker);
      worker.close();
    }
  }

  async setModelColumns(request: ModelColumnsRequest): Promise<void> {
    await this.data.setModelColumns(request);
  }

  async selectRows(columns: ColumnChoice, recipe: Recipe, cleaning: Partial<Cleaning> = {}): Promise<DataSummary> {
    // The worker answers in turn: edits that are made until the answer are later than this selection.
    const { edits } = this;
    const { validationShare: share, testShare, seed } = recipe;
    const ofRecipe = { steps: cleaningSteps(recipe), augmentation: augmentationSteps(recipe) };
    const summary = await this.data.selectRows({ columns, share, testShare, seed, cleaning, ...ofRecipe });
    this.selection = { columns, recipe, cleaning, summary, edits };
    return summary;
  }

  surveyCleaning(
    columns: ColumnChoice,
    recipe: Recipe,
    cleaning: Partial<Cleaning>,
    onProgress: (progress: Progress) => void = () => undefined,
  ): Promise<StepSurvey[] | null> {
    return this.data.surveyCleaning({ columns, cleaning, steps: cleaningSteps(recipe) }, { onProgress });
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

  async fitToCheckpoint(): Promise<Finding[]> {
    if (this.model === null) throw missing("no model", "Open a model first.");
    const { lowercase, maxPositions } = this.model;
    const { texts } = await this.data.sampleTexts({ most: 500 });
    return this.tokenizers.fit({ texts, lowercase, maxPositions });
  }

  rowTexts(part: "train" | "validation" | "test" | "folds", rows: number[]): Promise<RowText[]> {
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

  async start(recipe: Recipe, keep: KeepRequest | null = null): Promise<void> {
    const onProgress = (progress: Progress) => this.notify({ type: "progress", progress });
    this.stopped = false;
    const request = await this.encoded(recipe, onProgress);
    if (this.stopped) throw new Declined();
    // Else the browser may remove what is kept where the disk is short of room.
    if (keep) void import("../saves/browser-storage.ts").then(({ askToPersist }) => askToPersist());
    await this.train.start({ ...request, keep });
    this.begun(recipe, request, labelledCount(request.validationLabels));
  }

  async startFolds(recipe: Recipe, counts: FoldCounts): Promise<void> {
    const onProgress = (progress: Progress) => this.notify({ type: "progress", progress });
    this.stopped = false;
    const request = await this.encodedFolds(recipe, counts, true, onProgress);
    if (this.stopped) throw new Declined();
    await this.train.startFolds({ ...request });
    this.begun(recipe, request, labelledCount(request.labels) - request.copyOf.length);
  }

  async probeFolds(
    recipe: Recipe,
    counts: FoldCounts,
    onProgress: (progress: Progress) => void = () => undefined,
  ): Promise<ProbedFolds> {
    const request = await this.encodedFolds(recipe, counts, false, onProgress);
    return this.train.probeFolds({ ...request }, { onProgress });
  }

  labelIssues(): Promise<RankedIssues> {
    return this.train.labelIssues();
  }

  async foldFile(name: FoldFile, neutralize: boolean): Promise<Blob> {
    const cells = await this.data.cellsOf({ part: "folds" });
    return (await this.train.foldFile({ name, cells, neutralize })).file;
  }

  learningCurve(onProgress?: (progress: Progress) => void): Promise<LearningPoint[]> {
    return this.train.learningCurve(undefined, { onProgress });
  }

  dataMap(): Promise<DataMap | null> {
    return this.train.dataMap();
  }

  async dataMapFile(neutralize: boolean): Promise<Blob> {
    const cells = await this.data.cellsOf({ part: "train" });
    return (await this.train.dataMapFile({ cells, neutralize })).file;
  }

  /** Takes note of what has begun to train. */
  private begun(recipe: Recipe, { task, test }: Pick<RunRequest, "task" | "test">, validationRows: number): void {
    const { asks } = taskNamed(task);
    this.runCleaning = asks === "words" ? null : textSteps(recipe);
    this.runLimit = limitOf(taskNamed(task), recipe);
    // What the run before said of rows is no longer of use.
    void this.data.setModelColumns({ of: "unlabelled", columns: null }).catch(() => undefined);
    this.validationRows = validationRows;
    this.testRows = test ? labelledCount(test.labels) : 0;
  }

  async plan(recipe: Recipe, onProgress: (progress: Progress) => void = () => undefined): Promise<RunPlan> {
    const request = await this.encoded(recipe, onProgress);
    return this.train.plan({ ...request }, { onProgress });
  }

  /** Sends the rows that a recipe needs to `train`, and returns their jobs. */
  private async encoded(recipe: Recipe, onProgress: (progress: Progress) => void): Promise<RunRequest> {
    const { summary } = await this.selectionFor(recipe);
    const earlier = await this.earlierFor(recipe);
    const encode = this.encodeOf(recipe, summary);
    const jobs = await encodeForRun(encode, summary, earlier?.summary ?? null, onProgress);
    const pretrainJob = await this.encodeTextFile(recipe, onProgress);
    return { recipe, mostBytes: this.mostBytes, ...jobs, ...(pretrainJob !== null && { pretrainJob }) };
  }

  /** The same for a cross-validation; `asRun`: its rows are then those of the run. */
  private async encodedFolds(
    recipe: Recipe,
    counts: FoldCounts,
    asRun: boolean,
    onProgress: (progress: Progress) => void,
  ): Promise<FoldsRequest> {
    const { summary } = await this.selectionFor(recipe);
    const earlier = asRun ? await this.earlierFor(recipe) : null;
    const foldRows = async () => {
      const job = this.jobName("folds");
      const limit = limitOf(taskNamed(summary.task), recipe);
      const { seed } = recipe;
      return { job, ...(await this.data.encodeFolds({ job, limit, counts, seed, asRun }, { onProgress })) };
    };
    const encode = this.encodeOf(recipe, summary);
    // The probe alone reads neither test rows nor texts to pretrain on.
    const hasTest = asRun && summary.testRows !== undefined;
    const beside = { hasTest, earlier: earlier?.summary ?? null };
    const jobs = await encodeForFolds(foldRows, encode, summary, beside, onProgress);
    const pretrainJob = asRun ? await this.encodeTextFile(recipe, onProgress, true) : null;
    const { mostBytes } = this;
    return { recipe, counts, ...jobs, mostBytes, ...(pretrainJob !== null && { pretrainJob }) };
  }

  /** Encodes a part of these rows as the recipe reads them. */
  private encodeOf(recipe: Recipe, { task }: DataSummary): EncodePart {
    return async (part, onProgress) => {
      const job = this.jobName(part);
      const limit = limitOf(taskNamed(task), recipe);
      return { job, ...(await this.data.encode({ job, part, limit }, { onProgress })) };
    };
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

  selectedResults(weights: "best" | "last" | "baseline", rows: Int32Array): Promise<Results> {
    return this.train.selectedResults({ weights, rows });
  }

  async slices(weights: Results["weights"], asked: readonly SliceQuery[], within?: Int32Array) {
    const scored = await this.scoredOutcomes(weights, within);
    return scored && this.data.slices({ scored, asked });
  }

  async sliceCandidates(weights: Results["weights"], within?: Int32Array): Promise<SliceCandidates> {
    const scored = await this.scoredOutcomes(weights, within);
    return scored ? this.data.sliceCandidates({ scored }) : { candidates: [], tested: 0 };
  }

  async sliceRows(weights: Results["weights"], query: SliceQuery, within?: Int32Array): Promise<Int32Array> {
    const scored = await this.scoredOutcomes(weights, within);
    return scored ? (await this.data.sliceRows({ scored, query })).rows : new Int32Array(0);
  }

  async rowAnswers(weights: Results["weights"]): Promise<RowAnswers | null> {
    const scored = await this.scoredOutcomes(weights, undefined);
    if (!scored) return null;
    const { places, outcomes } = scored;
    return { outcomes, ...(await this.data.validationFingerprint(places ? { places } : {})) };
  }

  private scoredOutcomes(weights: Results["weights"], rows: Int32Array | undefined) {
    return this.train.rowOutcomes({ weights, ...(rows && { rows }) });
  }

  async testResults(weights: "best" | "last" | "baseline"): Promise<Tested> {
    const tested = await this.train.testResults({ weights, uses: this.testUses + 1 });
    this.testUses = Math.max(this.testUses, tested.uses);
    return tested;
  }

  async setThresholds(weights: "best" | "last" | "baseline", thresholds: Thresholds | null): Promise<void> {
    await this.train.setThresholds({ weights, thresholds });
  }

  async predict(
    texts: string[],
    pairs: string[] | null,
    weights: "best" | "last" | "baseline" | "checkpoint",
  ): Promise<Awaited<ReturnType<Session["predict"]>>> {
    const job = this.jobName("predict");
    const clean = this.cleaningFor(weights);
    await this.tokenizers.encode({ job, texts, pairs, ...(clean && { clean }) }, this.limitFor(weights));
    return this.train.predict({ job, texts, weights });
  }

  async nearest(
    text: string,
    pair: string | null,
    weights: "best" | "last" | "baseline",
    count: number,
    onProgress?: (progress: Progress) => void,
  ): Promise<NearRow[] | null> {
    const job = this.jobName("nearest");
    const clean = this.cleaningFor(weights);
    const chunk = { job, texts: [text], pairs: pair === null ? null : [pair], ...(clean && { clean }) };
    await this.tokenizers.encode(chunk, this.limitFor(weights));
    const near = await this.train.nearest({ job, weights, count }, { onProgress });
    if (!near) return null;
    const rows = near.map(({ place }) => place);
    const [texts, { labels }] = await Promise.all([this.rowTexts("train", rows), this.data.trainLabels({ rows })]);
    return texts.map((row, i) => ({ ...row, similarity: near[i]?.similarity ?? NaN, labels: labels[i] ?? [] }));
  }

  async explain(
    text: string,
    pair: string | null,
    weights: "best" | "last" | "baseline" | "checkpoint",
    options: Parameters<Session["explain"]>[3],
  ): Promise<Awaited<ReturnType<Session["explain"]>>> {
    const job = this.jobName("explain");
    const limit = { ...this.limitFor(weights), spans: true as const };
    const clean = this.cleaningFor(weights);
    const cleaned = clean && { clean };
    await this.tokenizers.encode({ job, texts: [text], pairs: pair === null ? null : [pair], ...cleaned }, limit);
    const texts: [string] | [string, string] = pair === null ? [text] : [text, pair];
    return this.train.explain({ job, texts, weights, options, ...cleaned });
  }

  async report(weights: "best" | "last" | "baseline", dataName: string): Promise<{ name: string; file: Blob }> {
    const rows = await this.rowTexts("validation", [...Array(this.validationRows).keys()]);
    return this.train.report({ weights, dataName, rows });
  }

  async exportFolder(
    options: ExportChoice,
    onProgress?: (progress: Progress) => void,
  ): Promise<{ name: string; file: Blob }> {
    const rows = await this.rowTexts("validation", [...Array(this.validationRows).keys()]);
    const testRows = this.testRows > 0 ? await this.rowTexts("test", [...Array(this.testRows).keys()]) : [];
    return this.train.export({ ...options, rows, testRows }, { onProgress });
  }

  async whyNothingIsKept(): Promise<string | null> {
    return (await this.data.whyNothingIsKept()).reason;
  }

  async freeBytes(): Promise<number | null> {
    const room = await import("../saves/browser-storage.ts").then(({ storageRoom }) => storageRoom());
    return room && Math.max(0, room.most - room.used);
  }

  // Few pages have a kept run, so that what reads it is loaded when it is asked for.
  async keptRuns(): Promise<KeptRun[]> {
    return import("./kept-runs.ts").then(({ keptRuns }) => keptRuns());
  }

  async keptFiles(id: string): Promise<File[]> {
    return import("./kept-runs.ts").then(({ keptFiles }) => keptFiles(id));
  }

  async removeKept(id: string | null): Promise<void> {
    await import("./kept-runs.ts").then(({ removeAllKept, removeKept }) =>
      id === null ? removeAllKept() : removeKept(id),
    );
  }

  close(): void {
    for (const worker of [...this.workers, ...this.layouts]) worker.close();
    for (const thread of this.threads) thread.terminate();
    this.listeners.clear();
  }

  /** How these weights read texts: as in the run that trained them. */
  private limitFor(weights: "best" | "last" | "baseline" | "checkpoint"): TextLimit {
    if (this.model === null) throw missing("no model", "Open a model first.");
    const { head, limit: own } = this.model;
    const ofCheckpoint = limitOf(tasks.find(({ name }) => name === head.kind) ?? {}, own);
    return weights === "checkpoint" ? ofCheckpoint : (this.runLimit ?? ofCheckpoint);
  }

  /** How texts are cleaned for these weights; undefined where they are not. */
  private cleaningFor(weights: "best" | "last" | "baseline" | "checkpoint"): TextSteps | undefined {
    const own = this.model?.cleaning;
    return (weights === "checkpoint" ? own : (this.runCleaning ?? own)) ?? undefined;
  }

  /** The selected rows, split as the recipe says, also if it changed after they were selected. */
  private async selectionFor(recipe: Recipe): Promise<Selection> {
    if (this.selection === null) throw missing("no data", "Open a table and choose its columns first.");
    if (this.model === null) throw missing("no model", "Open a model first.");
    const { columns, recipe: used, cleaning } = this.selection;
    const own = columnsFor(columns, recipe);
    const { validationShare: share, testShare, seed } = used;
    const isOld = this.selection.edits !== this.edits;
    const isSplitSo = share === recipe.validationShare && seed === recipe.seed && testShare === recipe.testShare;
    const isSameRows = sameCleaning(used, recipe) && sameAugmentation(used, recipe);
    if (isOld || !isSplitSo || own.task !== columns.task || !isSameRows) {
      await this.selectRows(own, recipe, cleaning);
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
    if (slot === "train") this.edits = [];
    if (slot === "train" || slot === "test") this.testUses = 0;
  }

  /** Encodes the text file and returns its job; null where the run reads none. */
  private async encodeTextFile(
    recipe: Recipe,
    onProgress: (progress: Progress) => void,
    ofFolds = false,
  ): Promise<string | null> {
    if (this.textFile === null || recipe.pretrainEpochs === 0) return null;
    const job = this.jobName("pretrain");
    await this.data.encodeTextFile({ job, limit: textLimitOf(recipe), ofFolds }, { onProgress });
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
