import type { Recipe } from "../../src/recipe/recipe.ts";
import { wordsOfText } from "../../src/data/text-words.ts";
import { machineMeasurement } from "../run/machine/measurement.ts";
import type {
  BackendChoice,
  ColumnChoice,
  FoldsSummary,
  FormatOverrides,
  DataSummary,
  LengthHistogram,
  ModelSummary,
  RankedIssues,
  RunPlan,
  TableSummary,
  TextFileSummary,
  TrainEvent,
  TrainNotice,
} from "../../src/workers/protocol.ts";
import { cutAt } from "../../src/data/text-limit.ts";
import { cellsOf } from "../../src/metrics/confusion.ts";
import { sliceName } from "../../src/insight/slices.ts";
import type { Report } from "../../src/metrics/report.ts";
import type { RowScores } from "../../src/metrics/row-scores.ts";
import { pickedClasses as singleLabelRows } from "../../src/tasks/single-label/picked-rows.ts";
import type { Problem } from "../../src/problem/problem.ts";
import { Declined, type Allow, type Session } from "../../src/workers/session.ts";
import { rowScoresFrom } from "../metrics/row-scores-from.ts";
import { rowMap } from "./row-map.ts";

interface FakeSession extends Session {
  /** Every call in order: name and arguments. */
  calls: [name: string, ...args: unknown[]][];
  /** Sends a notice as the train worker would. */
  notify(notice: TrainNotice): void;
  tell(event: TrainEvent): void;
  /** The next call of this name rejects with this problem. */
  failNext(name: string, problem: Problem): void;
}

/** A session whose answers are fixed: two classes, ham and spam, in a table of 5,574 rows. */
export function fakeSession(answers: Partial<Session> = {}): FakeSession {
  const calls: FakeSession["calls"] = [];
  let tests = 0;
  const listeners = new Set<(notice: TrainNotice) => void>();
  const failures = new Map<string, Problem>();
  const called = async (name: string, ...args: unknown[]) => {
    calls.push([name, ...args]);
    const failure = failures.get(name);
    failures.delete(name);
    if (failure) throw failure;
  };
  const permitted = async (allow?: Allow) => {
    if (allow && !(await allow())) throw new Declined();
  };
  const notify = (notice: TrainNotice) => listeners.forEach((listener) => listener(notice));

  return {
    calls,
    notify,
    tell: (event) => notify({ type: "event", event }),
    failNext: (name, problem) => void failures.set(name, problem),
    async openTable(slot, file, format: FormatOverrides = {}, allow, beside = []) {
      await called("openTable", slot, file, format, ...beside);
      await permitted(allow);
      return tableSummary({ name: file.name, format: { ...tableSummary().format, ...format } });
    },
    closeTable: (slot) => called("closeTable", slot),
    async editTable(edits) {
      await called("editTable", edits);
      return { preview: tableSummary().preview };
    },
    setThresholds: (weights, thresholds) => called("setThresholds", weights, thresholds),
    async tableCsv(neutralize) {
      await called("tableCsv", neutralize);
      return new Blob(["label,text\r\n"]);
    },
    async editPatch() {
      await called("editPatch");
      return "";
    },
    async readEditPatch(file) {
      await called("readEditPatch", file);
      return [{ row: 3, dropped: true }];
    },
    async queryRows(query) {
      await called("queryRows", query);
      return 3;
    },
    async rowWindow(start, end) {
      await called("rowWindow", start, end);
      const texts = [
        ["ham", "Ok lar"],
        ["spam", "Free entry"],
        ["", "See you at six"],
      ];
      return texts.slice(start, end).map(([label = "", text = ""], i) => ({
        row: start + i + 1,
        line: start + i + 2,
        cells: [label, text],
        changed: [],
        isDropped: false,
        part: label === "" ? "unlabelled" : "train",
        labels: label === "" ? [] : [label],
      }));
    },
    async rowCells(row) {
      await called("rowCells", row);
      return ["ham", `Text of row ${row}`];
    },
    async labelCells(labels) {
      await called("labelCells", labels);
      return [{ column: 0, text: labels[0] ?? "" }];
    },
    async rankUnlabelled(weights, by, batch) {
      await called("rankUnlabelled", weights, by, batch);
      return 1;
    },
    async mapRows(part, weights) {
      await called("mapRows", part, weights);
      return rowMap();
    },
    async layOutRows({ components }) {
      await called("layOutRows");
      return components.toReversed();
    },
    async setModelColumns(request) {
      await called("setModelColumns", request);
    },
    async selectRows(columns: ColumnChoice, { validationShare, seed }: Recipe) {
      await called("selectRows", columns, validationShare, seed);
      return dataSummary();
    },
    fitToCheckpoint: () => Promise.resolve([]),
    async surveyCleaning() {
      await called("surveyCleaning");
      return [];
    },
    async selectEarlier(columns: ColumnChoice, share: number, seed: number) {
      await called("selectEarlier", columns, share, seed);
      return dataSummary();
    },
    async measureLengths() {
      await called("measureLengths");
      return lengths("tokens");
    },
    async selectEarlierTexts(share: number, seed: number) {
      await called("selectEarlierTexts", share, seed);
      return { trainRows: 1280, validationRows: 320 };
    },
    async openTextFile(slot, file, allow) {
      await called("openTextFile", slot, file);
      await permitted(allow);
      return textFileSummary({ name: file.name });
    },
    closeTextFile: (slot) => called("closeTextFile", slot),
    async rowTexts(part, rows) {
      await called("rowTexts", part, rows);
      return rows.map((row) => ({ tableRow: row + 1, line: row + 2, text: `Text of row ${row + 1}`, pair: null }));
    },
    async chooseBackend(choice: BackendChoice, allow) {
      await called("chooseBackend", choice);
      await permitted(allow);
      const backend = choice === "auto" ? "webgpu" : choice;
      return { backend, adapter: backend === "webgpu" ? "Apple M2" : "SIMD, 3 threads", reason: "Chosen by hand." };
    },
    async openModel(files, licence, _, allow) {
      await called("openModel", files, licence);
      await permitted(allow);
      return modelSummary({ licence: licence ?? "" });
    },
    start: (recipe, keep) => called("start", recipe, ...(keep ? [keep] : [])),
    startFolds: (recipe, counts) => called("startFolds", recipe, counts),
    async probeFolds(recipe, counts, onProgress) {
      onProgress?.({ what: "Computing the vectors of the rows", done: 1, total: 2 });
      await called("probeFolds", recipe, counts);
      return { issues: rankedIssues(), summary: foldsSummary() };
    },
    async learningCurve(onProgress) {
      await called("learningCurve");
      onProgress?.({ what: "Fine-tuning on 25 % of the rows", done: 1, total: 4 });
      return [25, 50, 75, 100].map((rows) => ({ rows, values: { accuracy: 0.5 + rows / 250, macroF1: 0.5 } }));
    },
    async dataMap() {
      await called("dataMap");
      return null;
    },
    async dataMapFile(neutralize) {
      await called("dataMapFile", neutralize);
      return new Blob(["row"]);
    },
    async labelIssues() {
      await called("labelIssues");
      return rankedIssues();
    },
    async foldFile(name, neutralize) {
      await called("foldFile", name, neutralize);
      return new Blob([name]);
    },
    async findRate(recipe, onProgress) {
      onProgress?.({ what: "Trying rates", done: 1, total: 2 });
      await called("findRate", recipe);
      const points = [1e-6, 1e-4, 1e-2].map((rate, i) => ({ rate, loss: 1 - 0.3 * i, smoothed: 1 - 0.2 * i }));
      const planned = { steps: 60, highest: 0.1 };
      return { points, planned, end: "whole", start: 1, steepest: 1e-4, suggestion: 5e-5 };
    },
    async tune(onProgress) {
      onProgress?.({ what: "Measuring how this GPU multiplies best", done: 1, total: 3 });
      await called("tune");
      return [
        { tile: "quad 16×8", product: "FORWARD", size: "large", gflops: 870.4 },
        { tile: "shared 64×64", product: "FORWARD", size: "large", gflops: 2310.2 },
      ];
    },
    async measureMachine(onProgress) {
      onProgress?.({ what: "Arithmetic and memory", done: 10, total: 120 });
      await called("measureMachine");
      return { measurement: machineMeasurement(), summary: [{ what: "Adapter", value: "Apple M2" }] };
    },
    async plan(recipe, onProgress) {
      onProgress?.({ what: "Timing a few steps", done: 1, total: 2 });
      await called("plan", recipe);
      return runPlan();
    },
    pause: () => called("pause"),
    resume: () => called("resume"),
    stop: () => called("stop"),
    pageSeen: () => undefined,
    onNotice(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async results(weights) {
      await called("results", weights);
      const truth = Int32Array.from([0, 0, 1, 1]);
      const scores = rowScoresFrom(truth, [0.98, 0.02, 0.3, 0.7, 0.1, 0.9, 0.6, 0.4], 2);
      const scored = { report: report(), truth: { labels: truth }, scores };
      return { task: "single-label", weights, step: 30, labelNames: ["ham", "spam"], ...scored };
    },
    async selectedResults(weights, rows) {
      await called("selectedResults", weights, rows);
      const { truth, scores, ...others } = await this.results(weights);
      const picked = singleLabelRows(truth, scores as RowScores, rows, others.labelNames);
      return { ...others, ...picked, places: rows };
    },
    async rowAnswers(weights) {
      await called("rowAnswers", weights);
      return { outcomes: { kind: "right", values: Float64Array.of(1, 1, 1, 0) }, fingerprint: "0123456789abcdef" };
    },
    async nearest(text, pair, weights, count) {
      await called("nearest", text, pair, weights, count);
      return [{ tableRow: 3, line: 4, text: "Free entry", pair: null, similarity: 0.75, labels: ["spam"] }];
    },
    async slices(weights, asked, within) {
      await called("slices", weights, asked, within);
      const all = { value: 0.5, low: 0.15, high: 0.85 };
      const slices = asked.map((query) => ({ query, name: sliceName(query), rows: 2, ...all, difference: 0 }));
      return { figure: "accuracy", overall: { ...all, rows: 4 }, slices, columns: [], labelNames: ["ham", "spam"] };
    },
    async sliceCandidates(weights, within) {
      await called("sliceCandidates", weights, within);
      return { candidates: [], tested: 0 };
    },
    async sliceRows(weights, query, within) {
      await called("sliceRows", weights, query, within);
      return Int32Array.of(1, 3);
    },
    async report(weights, dataName) {
      await called("report", weights, dataName);
      return { name: "report.html", file: new Blob(["<!doctype html>"]) };
    },
    async explain(text, pair, weights, options) {
      await called("explain", text, pair, weights, options);
      const words = wordsOfText(text, []).map((word, i) => ({ of: 0 as const, ...word, score: i % 2 ? -0.5 : 2 }));
      const sum = words.reduce((total, { score }) => total + score, 0);
      return {
        method: options.method,
        texts: pair === null ? [text] : [text, pair],
        label: options.label ?? "spam",
        ...{ tokens: words, words, output: sum, baseline: 0, difference: sum, sum, steps: 32, isComplete: true },
      };
    },
    async testResults(weights) {
      await called("testResults", weights);
      const truth = Int32Array.from([0, 0, 1, 1]);
      const scores = rowScoresFrom(truth, [0.98, 0.02, 0.3, 0.7, 0.1, 0.9, 0.6, 0.4], 2);
      const scored = { report: report(), truth: { labels: truth }, scores };
      return { task: "single-label", weights, step: 30, labelNames: ["ham", "spam"], ...scored, uses: ++tests };
    },
    async predict(texts, pairs, weights) {
      await called("predict", texts, pairs, weights);
      return {
        labelNames: ["ham", "spam"],
        task: "single-label",
        predictions: texts.map(() => ({ label: "spam", probabilities: [0.1, 0.9] })),
        lengths: texts.map(() => ({ whole: 4, read: 4, windows: 1 })),
      };
    },
    async exportFolder(options) {
      await called("exportFolder", options);
      return { name: "sms-spam.zip", file: new Blob(["zip"]) };
    },
    whyNothingIsKept: () => Promise.resolve(null),
    freeBytes: () => Promise.resolve(5e9),
    keptRuns: () => Promise.resolve([]),
    keptFiles: () => Promise.resolve([]),
    removeKept: (id) => called("removeKept", id),
    close: () => void calls.push(["close"]),
    ...answers,
  };
}

/** Three rows, of which the second is in the most doubt. */
export function rankedIssues(): RankedIssues {
  return {
    rows: Int32Array.from([1, 0, 2]),
    scores: Float32Array.from([0.02, 0.4, 0.98]),
    given: ["ham", "spam", "ham"],
    suggested: ["spam", "ham", "ham"],
    suggestedLabels: [["spam"], ["ham"], ["ham"]],
    share: 0.05,
  };
}

/** Two folds, of macro F1 0.8 and 0.9 or as given. */
export function foldsSummary(macroF1: readonly [number, number] = [0.8, 0.9]): FoldsSummary {
  const mean = (macroF1[0] + macroF1[1]) / 2;
  const deviation = Math.abs(macroF1[1] - macroF1[0]) / Math.SQRT2;
  return {
    each: macroF1.map((value, i) => ({
      repeat: 1,
      fold: i + 1,
      trainRows: 20,
      rows: 20,
      step: 9,
      epoch: 3,
      macroF1: value,
    })),
    mean: { macroF1: mean },
    deviation: { macroF1: deviation },
    interval: { macroF1: [mean - 0.1, mean + 0.1] },
  };
}

/** A plan of a run that fits because it is checkpointed. */
export function runPlan(): RunPlan {
  const parts = { weights: 9e7, gradients: 9e7, moments: 18e7, activations: 24e7, other: 2e4 };
  const prediction = { ...parts, total: 60002e4 };
  const memory = { checkpointing: true, mostTokens: Infinity, prediction, limit: 4e9, fits: true, offers: [] };
  return {
    memory,
    windows: null,
    time: {
      steps: 837,
      msPerStep: 100,
      ms: 90_000,
      probeMs: 0,
      isLimit: false,
      pretrainingMs: 0,
      compileMs: 0,
    },
  };
}

export function tableSummary(change: Partial<TableSummary> = {}): TableSummary {
  return {
    name: "sms-spam.csv",
    bytes: 481_088,
    format: {
      kind: "delimited",
      encoding: "utf-8",
      delimiter: ",",
      quote: '"',
      header: true,
      skippedLines: 0,
      sheet: null,
    },
    encodingConfidence: 1,
    sheets: [],
    columns: ["label", "text"],
    rowCount: 5574,
    preview: [
      [
        "ham",
        "Go until jurong point, crazy.. Available only in bugis n great world la e buffet... Cine there got amore wat...",
      ],
      ["ham", "Ok lar... Joking wif u oni..."],
      ["spam", "Free entry in 2 a wkly comp to win FA Cup final tkts 21st May 2005. Text FA to 87121 to receive entry"],
      ["ham", "U dun say so early hor... U c already then say..."],
      ["ham", "Nah I don't think he goes to usf, he lives around here though"],
      [
        "spam",
        "FreeMsg Hey there darling it's been 3 week's now and no word back! I'd like some fun you up for it still?",
      ],
    ],
    guess: { text: 1, pair: null, label: 0 },
    guessProblem: "",
    task: "single-label",
    findings: [],
    ...change,
  };
}

export function dataSummary(change: Partial<DataSummary> = {}): DataSummary {
  return {
    task: "single-label",
    taskReason: "The labels are classes.",
    labelNames: ["ham", "spam"],
    targets: { trainCounts: [3862, 598], validationCounts: [965, 149] },
    trainRows: 4460,
    validationRows: 1114,
    droppedRows: 0,
    unlabelledRows: 0,
    lengths: lengths("words"),
    findings: [
      {
        id: "duplicates",
        severity: "note",
        text: "414 rows are exact duplicates of another row.",
        remedy: "Duplicates stay on one side of the split.",
        tableRows: [104, 155, 158, 161, 206, 226],
      },
      {
        id: "imbalance",
        severity: "warning",
        text: "The largest class has 6.5 times the rows of the smallest.",
        remedy: "Judge by macro F1, or set class weights to balanced.",
        tableRows: [],
      },
    ],
    ...change,
  };
}

export function textFileSummary(change: Partial<TextFileSummary> = {}): TextFileSummary {
  return {
    name: "corpus.txt",
    bytes: 61_234,
    encoding: "utf-8",
    lines: 1600,
    words: 12_345,
    preview: ["The soup was dull and the bread was old.", "Her second album is a joy."],
    ...change,
  };
}

/** Lengths 1 to 200, falling off as 1/n². */
export function lengths(unit: LengthHistogram["unit"]): LengthHistogram {
  const perLength = Array.from({ length: 200 }, (_, i) =>
    Math.round(3000 * Math.exp(-((i - 14) ** 2) / 300) * 0.05 + 40 / (i + 1)),
  );
  const longerThan = perLength.map((_, n) => perLength.slice(n).reduce((sum, count) => sum + count, 0));
  longerThan.push(0);
  const counts = Array.from({ length: 40 }, (_, bin) =>
    perLength.slice(bin * 5, bin * 5 + 5).reduce((a, b) => a + b, 0),
  );
  return { unit, binWidth: 5, counts, longest: 200, mean: 18.4, longerThan };
}

export function modelSummary(change: Partial<ModelSummary> = {}): ModelSummary {
  return {
    name: "all-MiniLM-L6-v2",
    layers: 6,
    hiddenSize: 384,
    heads: 12,
    intermediateSize: 1536,
    parameters: 22_713_216,
    dtype: "float16",
    vocabularySize: 30_522,
    typeVocabularySize: 2,
    maxPositions: 512,
    bytes: 45_437_760,
    labelNames: null,
    head: { kind: "none", classes: null, obstacle: "The checkpoint has no classifier." },
    pooling: "pooler",
    hasPooler: true,
    family: "bert",
    languageHead: "new",
    notes: ["1 tensor was ignored: embeddings.position_ids."],
    licence: "",
    lowercase: true,
    sentencePooling: null,
    limit: cutAt(512),
    ...change,
  };
}

/** A report over two classes with this F1 for each of them. */
export function report(f1 = 0.9): Report {
  const scores = (support: number) => ({ precision: f1, recall: f1, f1, support });
  return {
    rows: 1114,
    logLoss: 1 - f1,
    accuracy: f1,
    classes: [scores(965), scores(149)],
    macro: scores(1114),
    micro: scores(1114),
    weighted: scores(1114),
    matthews: f1 - 0.1,
    balancedAccuracy: f1,
    kappa: f1 - 0.1,
    confusion: cellsOf([900, 65, 10, 139], 2),
  };
}

/** The events of a whole run of `steps` steps in three epochs, with an evaluation every tenth of an epoch. */
export function runEvents(steps: number): TrainEvent[] {
  const stepsPerEpoch = Math.ceil(steps / 3);
  const every = Math.max(1, Math.round(stepsPerEpoch / 10));
  const events: TrainEvent[] = [
    {
      type: "plan",
      task: "single-label",
      steps,
      stepsPerEpoch,
      epochs: 3,
      trainRows: 4460,
      validationRows: 1114,
      tokensPerEpoch: 98_000,
      trainableParameters: 22_713_986,
      parameters: 22_713_986,
    },
  ];
  const evaluation = (step: number, scope: "baseline" | "sample" | "full"): TrainEvent => ({
    type: "evaluation",
    scope,
    step,
    epoch: step / stepsPerEpoch,
    report: report(0.5 + 0.48 * (1 - Math.exp((-5 * step) / steps))),
    wallMs: step * 52,
    trainingMs: step * 48,
  });
  events.push(evaluation(0, "baseline"));
  for (let step = 1; step <= steps; step++) {
    const rate = Math.min(step / (0.1 * steps), (steps - step) / (0.9 * steps));
    events.push({
      type: "step",
      step,
      epoch: step / stepsPerEpoch,
      loss: 0.05 + 0.65 * Math.exp((-6 * step) / steps) + 0.08 * Math.abs(Math.sin(step * 12.9898)),
      gradientNorm: 0.4 + 2 * Math.exp((-4 * step) / steps) + 0.5 * Math.abs(Math.sin(step * 78.233)),
      learningRate: 2e-5 * rate,
      rows: 16,
      tokens: 350,
      trainingMs: step * 48,
      wallMs: step * 52,
    });
    const full = step % stepsPerEpoch === 0 || step === steps;
    if (full || step % every === 0) events.push(evaluation(step, full ? "full" : "sample"));
    if (full) events.push({ type: "best", step, epoch: step / stepsPerEpoch, metric: "macroF1", value: 0.9 });
  }
  events.push({ type: "memory", bytes: 412_000_000 });
  events.push({ type: "end", reason: "finished", step: steps, wallMs: steps * 52, trainingMs: steps * 48 });
  return events;
}
