import {
  onWasm,
  openBackend,
  wasmName,
  type BackendChoice,
  type BackendInfo,
  type BackendOptions,
  type OpenedBackend,
} from "../gpu/backend.ts";
import { GpuDevice } from "../gpu/gpu-device.ts";
import { runningDevice, runningGpu } from "../gpu/running.ts";
import { blobSource } from "../io/byte-source.ts";
import { collectZip } from "../io/zip-out.ts";
import type { Classifier } from "../model/classifier.ts";
import { dataMapCsv } from "../insight/data-map-lines.ts";
import { reportHtml } from "../export/report/report-html.ts";
import { exportEntries } from "../export/entries.ts";
import { startFastestThreads } from "../ops/fastest-threads.ts";
import { startThreads, threadsAtWork } from "../ops/wasm-kernels.ts";
import { Problem, reportProblem } from "../problem/problem.ts";
import { findLearningRate } from "../run/find-rate.ts";
import { measureMachine } from "../run/machine/measure-machine.ts";
import { summaryOf } from "../run/machine/summary.ts";
import { loadClassifier, openModel, type OpenedModel } from "../run/open-model.ts";
import { ownTask } from "../run/own-classes.ts";
import { planRun } from "../run/plan.ts";
import type { FoldsInput } from "../run/fold-result.ts";
import { checkCurve, curvePoint, learningCurve, type CurveEvent } from "../run/learning-curve.ts";
import { Run, type RunInput, type Weights } from "../run/run.ts";
import { textCleaner } from "../data/cleaning/clean-text.ts";
import { explainText } from "../run/explain/explain.ts";
import { predictTexts, type AskedTexts } from "../run/score.ts";
import { fallbackReason, faultOf, faultOfForms, plainReason, wrongGpu } from "../run/self-test.ts";
import type { Recipe } from "../recipe/recipe.ts";
import { percent } from "../recipe/wording.ts";
import type { LearningPoint } from "../tasks/learning-curve.ts";
import { tuneTiles, type TuneOptions, type TuningStore } from "../run/tune.ts";
import type { RunSaver, RunState } from "../run/saved-run.ts";
import { browserStore } from "../saves/browser-storage.ts";
import { KeptRuns } from "../saves/kept-runs.ts";
import { labelled, textCount } from "../data/windows.ts";
import { trainedTaskNamed } from "../tasks/trained-tasks.ts";
import { RunControl } from "../train/control.ts";
import { EncodedJobs, tokenCounts } from "./encoded-jobs.ts";
import { FoldWork, probedFolds } from "./fold-work.ts";
import { RunKeeper, type KeptMachine } from "./run-keeper.ts";
import { WeightsTurn } from "./weights-turn.ts";
import type { FoldsRequest, OnProgress, RowText, RunRequest, TaskJobs, TrainCalls, TrainNotice } from "./protocol.ts";

type Argument<K extends keyof TrainCalls> = Parameters<TrainCalls[K]>[0];
type Result<K extends keyof TrainCalls> = Awaited<ReturnType<TrainCalls[K]>>;

const MEASURING = "Measuring how this GPU multiplies best";

const TESTING = "Testing this GPU";

const CURVE_TOLD_EVERY_MS = 250;

/** A device is asked for this often after a loss, the first time after this time and then after twice as long each. */
const DEVICE_TRIES = 5;
const FIRST_TRY_MS = 500;
/** From this loss of one run on its steps are cut into smaller parts. */
const LOSSES_BEFORE_SMALLER = 2;

/** The state of the training worker: a backend, a checkpoint, a run. */
class TrainService implements TrainCalls {
  private backend: BackendInfo | null = null;
  private choice: BackendChoice = "auto";
  private opened: OpenedModel | null = null;
  /** What was opened and waits for `settle`. */
  private heldModel: OpenedModel | null = null;
  private heldBackend: { choice: BackendChoice; opened: OpenedBackend } | null = null;
  /** The checkpoint's own classifier, loaded when a text is tried before a run. */
  private checkpoint: Classifier | null = null;
  private run: Run | null = null;
  /** What it was made of; null of the final model of a cross-validation. */
  private input: RunInput | null = null;
  /** The cross-validation whose final model `run` is, or will be. */
  private folds: FoldWork | null = null;
  /** What keeps the run in the browser; null where nothing does. */
  private keeper: RunKeeper | null = null;
  /** How often the run has lost its GPU. */
  private losses = 0;
  /** A run whose GPU was lost; its best weights are in main memory. */
  private lost: Run | null = null;
  /** The backend that was tested last, passed or not: a second start goes on with one chosen by hand that did not. */
  private tested: BackendInfo | null = null;
  private reviving: Promise<Run> | null = null;
  private control = new RunControl();
  /** The last order of rows that was asked for. */
  private ranking: { stops: boolean } | null = null;
  /** The last search of training rows. */
  private nearing: { stops: boolean } | null = null;
  /** The last map of rows that was asked for. */
  private mapping: { stops: boolean } | null = null;
  /** Control of the sweep over learning rates, or of the estimate, that is running. */
  private sweep: RunControl | null = null;
  /** Whether somebody looks at the page: one that a worker is started from is taken to be seen. */
  private isPageSeen = true;
  private readonly jobs = new EncodedJobs();
  private readonly turn = new WeightsTurn();

  constructor(
    private readonly options: BackendOptions,
    private readonly tuning: TuningStore,
    private readonly notify: (notice: TrainNotice) => void,
    /** Where runs are kept. */
    private readonly runs: KeptRuns,
  ) {}

  async chooseBackend({ choice, hold }: Argument<"chooseBackend">): Promise<Result<"chooseBackend">> {
    this.refuseWhileTraining("The backend cannot change");
    this.heldBackend?.opened.close();
    const options = { ...this.options, onDeviceLost: (message: string) => this.deviceLost(message) };
    const opened = await openBackend(choice, options, this.backend);
    this.heldBackend = { choice, opened };
    if (!hold) await this.settle({ what: "backend", take: true });
    return { ...opened.info, isSame: opened.isSame };
  }

  async openModel({ files, licence, hold }: Argument<"openModel">): Promise<Result<"openModel">> {
    this.refuseWhileTraining("Another model cannot be opened");
    const opened = await openModel(
      files.map((file) => blobSource(file.webkitRelativePath || file.name, file)),
      licence,
    );
    this.heldModel = opened;
    if (!hold) await this.settle({ what: "model", take: true });
    return { summary: opened.summary, tokenizer: opened.tokenizer };
  }

  /** Takes or drops what was opened last; only when it is taken is the previous run dropped. */
  async settle({ what, take }: Argument<"settle">): Promise<null> {
    const [model, backend] = [this.heldModel, this.heldBackend];
    if (what === "model") {
      this.heldModel = null;
      if (!take || !model) return null;
      this.dropRun();
      this.opened = model;
      return null;
    }
    this.heldBackend = null;
    if (!take || !backend) {
      backend?.opened.close();
      return null;
    }
    if (!backend.opened.isSame) this.dropRun();
    await backend.opened.makeCurrent();
    this.choice = backend.choice;
    this.backend = backend.opened.info;
    this.pageSeen({ isSeen: this.isPageSeen });
    this.backend = await withThreads(this.backend);
    if (this.backend.adapter !== backend.opened.info.adapter) this.notify({ type: "backend", info: this.backend });
    return null;
  }

  connectTokenizers({ ports }: Argument<"connectTokenizers">): null {
    for (const port of ports) this.jobs.addPort(port);
    return null;
  }

  async start(request: Argument<"start">): Promise<null> {
    this.refuseWhileTraining("A second run cannot start");
    this.control = new RunControl(() => this.notify({ type: "paused" }));
    const { lost } = this;
    const { keep = null } = request;
    const keeper = keep && (await RunKeeper.open(this.runs, keep, this.notify));
    try {
      const input = await this.inputOf(request);
      const before = keeper && keep?.page === null ? await keeper.latest() : null;
      const run = await this.load(input, this.control, { keeper, before });
      this.dropRun();
      this.begin(run, input, keeper);
      if (before) this.notify({ type: "goesOn", events: [...run.history], after: null });
      void this.pump(run);
    } catch (error) {
      // The tensors of the lost run may be gone with its backend, but its best weights are not.
      if (!this.run) this.lost ??= lost;
      if (keep?.page === null) keeper?.leave();
      else await keeper?.end();
      throw error;
    }
    return null;
  }

  private begin(run: Run, input: RunInput, keeper: RunKeeper | null): void {
    this.run = run;
    this.input = input;
    this.keeper = keeper;
    this.losses = 0;
  }

  /** Loads a run; the previous one is kept until this one is loaded. */
  private async load(input: RunInput, control: RunControl, { keeper, before }: Kept): Promise<Run> {
    // The processor, which replaces a lost GPU, is not what was chosen.
    if (this.lost && this.run) this.backend = null;
    await this.needTuning(input.recipe, before?.machine);
    const progress = (what: string, done: number, total: number) =>
      this.notify({ type: "progress", progress: { what, done, total } });
    const saver = keeper?.saver(() => this.machine()) ?? null;
    const run = await Run.load(input, control, progress, { saver, resumed: before?.run ?? null });
    if (!control.stops) return run;
    run.dispose();
    throw stoppedAtOnce();
  }

  private machine(): KeptMachine {
    const adapter = this.backend?.adapter ?? "";
    return { adapter, tiles: this.backend?.backend === "webgpu" ? [...runningGpu().tileSpeeds] : [] };
  }

  async startFolds(request: Argument<"startFolds">): Promise<null> {
    this.refuseWhileTraining("A second run cannot start");
    const onPaused = () => this.notify({ type: "paused" });
    const control = (this.control = new RunControl(onPaused));
    const input = await this.foldsInput(request);
    await this.needTuning(request.recipe);
    const folds = new FoldWork(request, input, control, onPaused);
    const notices = await folds.begun();
    // As with a run: the one before is kept until this one is loaded.
    if (control.stops) {
      await notices.return(undefined);
      throw stoppedAtOnce();
    }
    this.dropRun();
    this.folds = folds;
    void this.pumpFolds(folds, notices);
    return null;
  }

  async probeFolds(request: Argument<"probeFolds">, onProgress: OnProgress): Promise<Result<"probeFolds">> {
    this.refuseWhileTraining("Folds cannot be scored");
    const input = await this.foldsInput(request);
    await this.needTuning(request.recipe);
    const sweep = (this.sweep = new RunControl());
    try {
      return await probedFolds(input, request, sweep, (done, total) =>
        onProgress({ what: "Computing the vectors of the rows", done, total }),
      );
    } finally {
      this.sweep = null;
    }
  }

  labelIssues(): Result<"labelIssues"> {
    return this.needFolds().labelIssues();
  }

  foldFile({ name, cells, neutralize }: Argument<"foldFile">): Result<"foldFile"> {
    const folds = this.needFolds();
    const tested = this.run?.testedOf(folds.cross.finalWeights) ?? null;
    return { file: folds.file(name, cells, neutralize, tested) };
  }

  async dataMap(): Promise<Result<"dataMap">> {
    return (await this.needRun()).dataMap;
  }

  async dataMapFile({ cells, neutralize }: Argument<"dataMapFile">): Promise<Result<"dataMapFile">> {
    const map = (await this.needRun()).dataMap;
    if (!map) throw noDataMap();
    const cellsOf = (row: number) => cells[row] ?? { tableRow: 0, text: "", pair: null };
    return { file: new Blob([...dataMapCsv(map, cellsOf, { neutralize })], { type: "text/csv" }) };
  }

  async learningCurve(_: void, onProgress: OnProgress): Promise<Result<"learningCurve">> {
    this.refuseWhileTraining("A learning curve cannot be made");
    const run = await this.needRun();
    const { input } = this;
    if (!input) throw noCurve();
    checkCurve(input);
    const { report } = await this.turn.hold("best", () => run.results("best"));
    const sweep = (this.sweep = new RunControl());
    try {
      const points: LearningPoint[] = [];
      const told = curveProgress(onProgress);
      for await (const notice of learningCurve(input, sweep)) {
        if (notice.type === "point") points.push(notice.point);
        else told(notice);
      }
      const all = textCount(input.train) - (input.copies ?? 0);
      return [...points, curvePoint(run.task, all, report)];
    } finally {
      this.sweep = null;
    }
  }

  async findRate(request: Argument<"findRate">, onProgress: OnProgress): Promise<Result<"findRate">> {
    this.refuseWhileTraining("Learning rates cannot be tried");
    const opened = this.needModel();
    const { recipe, labelNames, mostBytes } = request;
    const task = trainedTaskNamed(request.task);
    const train = labelled(await this.jobs.job(request.trainJob), request.trainLabels);
    await this.needTuning(request.recipe);
    const sweep = (this.sweep = new RunControl());
    try {
      return await findLearningRate({ task, opened, recipe, labelNames, train, mostBytes }, sweep, (done, total) =>
        onProgress({ what: "Trying rates", done, total }),
      );
    } finally {
      this.sweep = null;
    }
  }

  async tune(_: void, onProgress: OnProgress): Promise<Result<"tune">> {
    this.refuseWhileTraining("The GPU cannot be measured");
    await this.needBackend();
    await this.needSoundGpu();
    this.requireGpu();
    return this.tuned({
      again: true,
      precision: "mixed",
      onProgress: (done, total) => onProgress({ what: MEASURING, done, total }),
    });
  }

  async measureMachine(_: void, onProgress: OnProgress): Promise<Result<"measureMachine">> {
    this.refuseWhileTraining("The GPU cannot be measured");
    await this.needBackend();
    this.requireGpu();
    const sweep = (this.sweep = new RunControl());
    try {
      const measurement = await measureMachine(runningGpu(), {
        extent: "short",
        browser: navigator.userAgent,
        cores: navigator.hardwareConcurrency,
        onProcessor: (work) =>
          onWasm(this.options, async (processor) => {
            await startThreads();
            return work(processor);
          }),
        onPiece: (what, done, total) => onProgress({ what, done, total }),
        stops: () => sweep.stops,
      });
      return { measurement, summary: summaryOf(measurement) };
    } finally {
      this.sweep = null;
    }
  }

  async plan(request: Argument<"plan">, onProgress: OnProgress): Promise<Result<"plan">> {
    this.refuseWhileTraining("A run cannot be estimated");
    const input = await this.inputOf(request);
    await this.needTuning(request.recipe);
    const sweep = (this.sweep = new RunControl());
    try {
      return await planRun(input, sweep, (done, total) => onProgress({ what: "Timing a few steps", done, total }));
    } finally {
      this.sweep = null;
    }
  }

  pause(): null {
    (this.folds?.cross ?? this.control).pause();
    return null;
  }

  resume(): null {
    (this.folds?.cross ?? this.control).resume();
    return null;
  }

  stop(): null {
    this.control.stop();
    this.folds?.cross.stop();
    this.sweep?.stop();
    if (this.ranking) this.ranking.stops = true;
    if (this.nearing) this.nearing.stops = true;
    if (this.mapping) this.mapping.stops = true;
    return null;
  }

  pageSeen({ isSeen }: Argument<"pageSeen">): null {
    this.isPageSeen = isSeen;
    const device = this.backend && runningDevice();
    if (device instanceof GpuDevice) device.pace.besidePage(isSeen);
    this.keeper?.pageSeen(isSeen);
    return null;
  }

  async results({ weights }: Argument<"results">, onProgress: OnProgress): Promise<Result<"results">> {
    if (this.folds) return this.folds.results();
    const run = await this.needRun();
    const scored = (done: number) => onProgress({ what: "Scoring validation rows", done, total: 0 });
    return this.turn.hold(weights, () => run.results(weights, scored));
  }

  async selectedResults({ weights, rows }: Argument<"selectedResults">): Promise<Result<"selectedResults">> {
    if (this.folds) return this.folds.selected(rows);
    const run = await this.needRun();
    return this.turn.hold(weights, () => run.selected(weights, rows));
  }

  async rowOutcomes({ weights, rows }: Argument<"rowOutcomes">): Promise<Result<"rowOutcomes">> {
    if (this.folds) return this.folds.outcomes(rows);
    const run = await this.needRun();
    return this.turn.hold(weights, () => run.rowOutcomes(weights, rows));
  }

  async testResults(
    { weights, uses }: Argument<"testResults">,
    onProgress: OnProgress,
  ): Promise<Result<"testResults">> {
    const run = await this.needRun();
    const scored = (done: number) => onProgress({ what: "Scoring test rows", done, total: 0 });
    return this.turn.hold(weights, () => run.testResults(weights, uses, scored));
  }

  async setThresholds({ weights, thresholds }: Argument<"setThresholds">): Promise<null> {
    if (this.folds) {
      throw new Problem({
        found: "These results are those of a cross-validation.",
        expected: "A run with validation rows was expected.",
        remedy: "Train without folds, then set thresholds.",
      });
    }
    const run = await this.needRun();
    await this.turn.hold(weights, () => run.setThresholds(weights, thresholds));
    return null;
  }

  async predict({ job, texts, weights }: Argument<"predict">): Promise<Result<"predict">> {
    const rows = await this.jobs.job(job);
    const opened = this.needModel();
    if (weights !== "checkpoint") return this.predictWithRun({ texts, rows, tokenizer: opened.tokenizer }, weights);
    const { task, labelNames } = ownTask(opened);
    await this.needBackend();
    this.checkpoint ??= await loadClassifier(opened, labelNames);
    const asked = { texts, rows, tokenizer: opened.tokenizer };
    const predictions = await predictTexts(this.checkpoint, task, asked, labelNames);
    return { task: task.name, labelNames, predictions, lengths: tokenCounts(rows) };
  }

  async explain({ job, texts: given, weights, options, clean }: Argument<"explain">): Promise<Result<"explain">> {
    const rows = await this.jobs.job(job);
    const opened = this.needModel();
    // The places of tokens are those in the cleaned texts.
    const texts = given.map((clean && textCleaner(clean)) ?? ((text) => text));
    const asked = { texts, rows, tokenizer: opened.tokenizer };
    if (weights !== "checkpoint") {
      const run = await this.needRun();
      return this.turn.hold(weights, () => run.explain(asked, weights, options));
    }
    const { task, labelNames } = ownTask(opened);
    await this.needBackend();
    this.checkpoint ??= await loadClassifier(opened, labelNames);
    return explainText(this.checkpoint, task, asked, labelNames, options);
  }

  async rank({ job, weights, by, batch }: Argument<"rank">, onProgress: OnProgress): Promise<Result<"rank">> {
    const rows = await this.jobs.job(job);
    const total = textCount(rows);
    const run = await this.needRun();
    const mine = (this.ranking = { stops: false });
    const asked = (done: number) => {
      onProgress({ what: "Asking the model", done, total });
      return !mine.stops;
    };
    return this.turn.hold(weights, () => run.rank(rows, weights, { by, batch, onProgress: asked }));
  }

  async nearest({ job, weights, count }: Argument<"nearest">, onProgress: OnProgress): Promise<Result<"nearest">> {
    const rows = await this.jobs.job(job);
    const run = await this.needRun();
    const mine = (this.nearing = { stops: false });
    const computed = (done: number, total: number) => {
      onProgress({ what: "Computing the vectors of the training rows", done, total });
      return !mine.stops;
    };
    return this.turn.hold(weights, () => run.nearest(rows, weights, { count, onProgress: computed }));
  }

  async map({ part, weights }: Argument<"map">, onProgress: OnProgress): Promise<Result<"map">> {
    const run = await this.needRun();
    const mine = (this.mapping = { stops: false });
    const mapped = (what: string, done: number, total: number) => {
      onProgress({ what, done, total });
      return !mine.stops;
    };
    return this.turn.hold(weights, () => run.map(part, weights, mapped));
  }

  async report({ weights, dataName, rows }: Argument<"report">): Promise<Result<"report">> {
    const choice = { weights, dtype: "float32", form: "merged", dataName } as const;
    const contents = await this.turn.hold(weights, () => this.contents(rows, choice));
    const file = new Blob([reportHtml(contents)], { type: "text/html" });
    return { name: `${contents.card.name}-report.html`, file };
  }

  async export(request: Argument<"export">, onProgress: OnProgress): Promise<Result<"export">> {
    // The weights are read while the zip is written.
    return this.turn.hold(request.weights, () => this.exported(request, onProgress));
  }

  private async exported(request: Argument<"export">, onProgress: OnProgress): Promise<Result<"export">> {
    const { rows, neutralize = false } = request;
    const { dtype } = request;
    const contents = { ...(await this.contents(rows, request)), csv: { neutralize } };
    const width = dtype === "float16" ? 2 : 4;
    const total = contents.weights.entries.reduce(
      (sum, { shape }) => sum + width * shape.reduce((a, b) => a * b, 1),
      0,
    );
    const name = `${contents.card.name}.zip`;
    const file = await collectZip(exportEntries(contents), name, (done) =>
      onProgress({ what: "Writing the zip", done, total: Math.max(done, total) }),
    );
    return { name, file };
  }

  /** What the folder of the run is made of; `rows` are those that its predictions are of. */
  private async contents(
    rows: RowText[],
    choice: Pick<Argument<"export">, "weights" | "dtype" | "form" | "dataName" | "testRows">,
  ) {
    const run = await this.needRun();
    if (this.folds) return this.folds.contents(run, rows, choice);
    const { weights, dtype, form, dataName, testRows } = choice;
    return run.exportContents(weights, dtype, rows, dataName, form, testRows);
  }

  /** The input of a run, once all of its rows have arrived. */
  private async inputOf(request: RunRequest): Promise<RunInput> {
    return {
      copies: request.copies,
      copyOf: request.copyOf,
      ...(await this.taskOf(request)),
      ...(await this.besideRows(request)),
    };
  }

  private async foldsInput(request: FoldsRequest): Promise<FoldsInput> {
    const { labelNames, labels, copyOf, folds } = request;
    const task = trainedTaskNamed(request.task);
    const rows = await this.jobs.job(request.job);
    return { task, labelNames, rows, labels, copyOf, folds, ...(await this.besideRows(request)) };
  }

  /** What a run is made of besides the rows that it trains on. */
  private async besideRows(request: Omit<RunRequest, keyof TaskJobs | "copies" | "copyOf">) {
    const { recipe, earlier, pretrainJob, mostBytes, heldOutBy, test } = request;
    return {
      heldOutBy,
      opened: this.needModel(),
      recipe,
      mostBytes,
      ...(test && { test: labelled(await this.jobs.job(test.job), test.labels) }),
      ...(earlier?.kind === "rows" && { earlier: await this.taskOf(earlier) }),
      ...(earlier?.kind === "texts" && { earlierCorpus: await this.textsOf(earlier) }),
      ...(pretrainJob !== undefined && { pretrainTexts: await this.jobs.job(pretrainJob) }),
    };
  }

  private async taskOf(jobs: TaskJobs) {
    const { train, validation } = await this.textsOf(jobs);
    const { labelNames, trainLabels, validationLabels } = jobs;
    return {
      task: trainedTaskNamed(jobs.task),
      labelNames,
      train: labelled(train, trainLabels),
      validation: labelled(validation, validationLabels),
    };
  }

  private async textsOf({ trainJob, validationJob }: Pick<TaskJobs, "trainJob" | "validationJob">) {
    return { train: await this.jobs.job(trainJob), validation: await this.jobs.job(validationJob) };
  }

  /** Sends the events of a run to the page until the run ends. */
  private async pump(run: Run): Promise<void> {
    try {
      for await (const event of run.events()) if (this.run === run) this.notify({ type: "event", event });
    } catch (error) {
      // A failure because the GPU was lost has been reported already.
      if (this.run === run) this.notify({ type: "failed", problem: reportProblem(error) });
    }
    // Whatever it ended by, it does not go on.
    if (this.run !== run) return;
    await this.keeper?.end().catch(() => undefined);
    this.keeper = null;
  }

  /** Sends the notices of a cross-validation to the page until it ends. */
  private async pumpFolds(folds: FoldWork, notices: AsyncGenerator<TrainNotice>): Promise<void> {
    try {
      for await (const notice of notices) {
        if (this.folds !== folds) return;
        if (notice.type === "event" && notice.of === "final") this.run = folds.cross.final;
        this.notify(notice);
      }
    } catch (error) {
      if (this.folds !== folds) return;
      this.notify(folds.ended());
      // A failure because the GPU was lost has been reported already.
      if (this.backend) this.notify({ type: "failed", problem: reportProblem(error) });
    }
  }

  private async predictWithRun(asked: AskedTexts, weights: Weights): Promise<Result<"predict">> {
    const run = await this.needRun();
    const predictions = await this.turn.hold(weights, () => run.predict(asked, weights));
    return { task: run.task.name, labelNames: [...run.labelNames], predictions, lengths: tokenCounts(asked.rows) };
  }

  private async needBackend(): Promise<void> {
    if (this.backend) return;
    await this.chooseBackend({ choice: this.choice });
    if (this.backend) this.notify({ type: "backend", info: this.backend });
  }

  /** Opens the backend where needed, and on WebGPU tests it at its first use and finds the fastest tiles. */
  private async needTuning({ precision }: Recipe, before?: KeptMachine): Promise<void> {
    await this.needBackend();
    await this.needSoundGpu();
    if (this.backend?.backend !== "webgpu") return;
    const onProgress = (done: number, total: number) =>
      this.notify({ type: "progress", progress: { what: MEASURING, done, total } });
    // Products of a run that goes on are computed as before.
    const kept = before?.adapter === this.backend.adapter ? before.tiles : undefined;
    this.notify({ type: "tuned", speeds: await this.tuned({ precision, onProgress, kept }) });
  }

  /** Finds the fastest tiles, and tests what they compute. */
  private async tuned(options: Pick<TuneOptions, "again" | "onProgress" | "kept"> & Pick<Recipe, "precision">) {
    const speeds = await tuneTiles(this.tuning, options);
    const fault = await faultOfForms(this.tuning, options.precision, (work) => onWasm(this.options, work));
    if (fault === null || !this.backend) return speeds;
    this.backend = { ...this.backend, reason: plainReason(this.backend.adapter, fault) };
    this.tested = this.backend;
    this.notify({ type: "backend", info: this.backend });
    return [...runningGpu().tileSpeeds];
  }

  /** Changes to the processor where the GPU computes wrongly. Throws a Problem, once, where it was chosen by hand. */
  private async needSoundGpu(): Promise<void> {
    const { backend } = this;
    if (backend?.backend !== "webgpu" || backend === this.tested) return;
    this.notify({ type: "progress", progress: { what: TESTING, done: 0, total: 0 } });
    const fault = await faultOf(this.tuning, (work) => onWasm(this.options, work));
    this.tested = backend;
    if (fault === null) return;
    if (this.choice === "webgpu") {
      throw wrongGpu(backend, fault, " Start again to train on it all the same: its numbers may be wrong.");
    }
    this.checkpoint?.dispose();
    this.checkpoint = null;
    const opened = await openBackend("wasm", this.options, null);
    await opened.makeCurrent();
    this.backend = { ...(await withThreads(opened.info)), reason: fallbackReason(backend.adapter, fault) };
    this.notify({ type: "backend", info: this.backend });
  }

  /** Throws a Problem where something else than a GPU runs. */
  private requireGpu(): void {
    if (this.backend?.backend === "webgpu") return;
    throw new Problem({
      found: "Training runs on the processor.",
      expected: "Only a GPU is measured.",
      remedy: "Choose the backend WebGPU first.",
    });
  }

  private needModel(): OpenedModel {
    if (this.opened) return this.opened;
    throw new Problem({
      found: "No model is open.",
      expected: "A checkpoint was expected.",
      remedy: "Open a checkpoint or take the starter model.",
    });
  }

  private async needRun(): Promise<Run> {
    if (this.run) return this.run;
    if (this.lost) return (this.reviving ??= this.revive(this.lost).finally(() => (this.reviving = null)));
    throw new Problem({
      found: "Nothing has been trained yet.",
      expected: "A run, finished or stopped, was expected.",
      remedy: "Start a run first.",
    });
  }

  /** Loads the best weights of a run whose GPU was lost, onto the processor. */
  private async revive(lost: Run): Promise<Run> {
    const opened = await openBackend("wasm", this.options, null);
    await opened.makeCurrent();
    this.backend = await withThreads(opened.info);
    this.notify({ type: "backend", info: this.backend });
    const run = await lost.revived();
    this.run = run;
    return run;
  }

  private refuseWhileTraining(what: string): void {
    if (!this.run?.isTraining && !this.folds?.isRunning && !this.sweep) return;
    throw new Problem({
      found: `${what} while ${this.sweep ? "rates, steps or the machine are measured" : "a run is training"}.`,
      expected: "That has to end first.",
      remedy: "Wait for its end, or stop it.",
    });
  }

  private needFolds(): FoldWork {
    if (this.folds) return this.folds;
    throw new Problem({
      found: "There was no cross-validation.",
      expected: "Rows that were scored by folds were expected.",
      remedy: "Turn cross-validation on in the Data card, and start.",
    });
  }

  private dropRun(): void {
    this.run?.dispose();
    this.run = null;
    this.input = null;
    this.folds = null;
    this.lost = null;
    this.checkpoint?.dispose();
    this.checkpoint = null;
  }

  private deviceLost(message: string): void {
    const { run, input, keeper } = this;
    this.backend = null;
    if (run?.isTraining && input && keeper && !this.control.stops) {
      this.run = null;
      void this.goOnAfterLoss({ run, input, keeper }, message);
    } else this.endAfterLoss(run, message);
  }

  /** Goes on from the last save on a new device, or ends the run where there is none after some time. */
  private async goOnAfterLoss(
    { run, input, keeper }: { run: Run; input: RunInput; keeper: RunKeeper },
    message: string,
  ): Promise<void> {
    this.losses++;
    const lostAt = run.history.findLast((event) => event.type === "step")?.step ?? 0;
    const control = (this.control = new RunControl(() => this.notify({ type: "paused" })));
    const { losses } = this;
    for (let tries = 0; tries < DEVICE_TRIES && !control.stops; tries++) {
      this.notify({ type: "progress", progress: { what: "Waiting for the GPU", done: tries, total: DEVICE_TRIES } });
      await new Promise((resolve) => setTimeout(resolve, FIRST_TRY_MS * 2 ** tries));
      try {
        const kept = await keeper.latest();
        const before = kept && { ...kept, run: losses > LOSSES_BEFORE_SMALLER ? inSmallerParts(kept.run) : kept.run };
        const again = await this.load(input, control, { keeper, before });
        this.begin(again, input, keeper);
        this.losses = losses;
        const from = again.history.findLast((event) => event.type === "step")?.step ?? 0;
        const after = `The GPU was lost after step ${lostAt}; the run goes on from step ${from}, its last save.`;
        this.notify({ type: "goesOn", events: [...again.history], after });
        return void this.pump(again);
      } catch {
        this.backend = null;
      }
    }
    this.endAfterLoss(run, message);
  }

  /** Ends the run; where it is kept, its saves stay. */
  private endAfterLoss(run: Run | null, message: string): void {
    const isKept = this.keeper !== null && !this.control.stops;
    if (isKept) this.keeper?.leave();
    else void this.keeper?.end().catch(() => undefined);
    this.keeper = null;
    this.lost = run?.survives ? run : null;
    this.run = null;
    this.checkpoint = null;
    const reload = "The run is kept in this browser: reload the page to go on from its last save.";
    const again = "Start again, with a smaller batch size if it happens again; data, model and recipe are still here.";
    const kept = `The best weights, of step ${run?.stepOf("best") ?? 0}, are kept and work on the processor: download them first.`;
    const problem = {
      found: "The GPU was lost: the driver was reset, or memory ran out.",
      expected: "The GPU was expected to stay available until the end of the run.",
      remedy: isKept ? reload : this.lost ? `${kept} ${again}` : again,
      details: message,
    };
    this.notify({ type: "failed", problem });
  }
}

/** What keeps a run, and what it goes on from. */
interface Kept {
  keeper: { saver(machine: () => KeptMachine): RunSaver } | null;
  before: { run: RunState; machine: KeptMachine } | null;
}

/** The run with micro-batches of half the size: a GPU that is lost again and again may be out of memory, or too slow. */
function inSmallerParts(state: RunState): RunState {
  const { mostTokens } = state.fit;
  const steps = state.history.filter((event) => event.type === "step");
  const largest = Math.min(mostTokens, Math.max(1, ...steps.slice(-1000).map(({ tokens }) => tokens)));
  return { ...state, fit: { checkpointing: true, mostTokens: Math.ceil(largest / 2) } };
}

/** Says how far the runs of a learning curve are, a few times a second. */
function curveProgress(onProgress: OnProgress) {
  let total = 0;
  let toldAt = -Infinity;
  return ({ share, event }: Extract<CurveEvent, { type: "event" }>) => {
    if (event.type === "plan") total = event.steps;
    else if (event.type !== "step" || performance.now() - toldAt < CURVE_TOLD_EVERY_MS) return;
    toldAt = performance.now();
    const done = event.type === "step" ? event.step : 0;
    onProgress({ what: `Fine-tuning on ${percent(share)} of the rows`, done, total });
  };
}

function noCurve(): Problem {
  return new Problem({
    found: "There is no run with validation rows.",
    expected: "A learning curve is of such a run.",
    remedy: "Train without folds first.",
  });
}

function noDataMap(): Problem {
  return new Problem({
    found: "This run has no data map.",
    expected: "A run with the data map on and at least 2 complete epochs was expected.",
    remedy: "Turn the data map on in the recipe, and train again.",
  });
}

function stoppedAtOnce(): Problem {
  return new Problem({
    found: "The run was stopped before its first step.",
    expected: "Training was expected to begin.",
    remedy: "Start again.",
  });
}

/** The backend, on wasm with as many threads as are fastest. */
async function withThreads(info: BackendInfo): Promise<BackendInfo> {
  if (info.backend !== "wasm") return info;
  await startFastestThreads();
  return { ...info, adapter: wasmName(threadsAtWork()) };
}

/** The service of the training worker; `notify` sends unasked messages to the page. */
export function createTrainService(
  options: BackendOptions,
  tuning: TuningStore,
  notify: (notice: TrainNotice) => void,
  runs = new KeptRuns(browserStore),
): TrainCalls {
  return new TrainService(options, tuning, notify, runs);
}
