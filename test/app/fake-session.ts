import { machineMeasurement } from "../run/machine/measurement.ts";
import type {
  BackendChoice,
  ColumnChoice,
  FormatOverrides,
  DataSummary,
  LengthHistogram,
  ModelSummary,
  RunPlan,
  TableSummary,
  TextFileSummary,
  TrainEvent,
  TrainNotice,
} from "../../src/workers/protocol.ts";
import { cutAt } from "../../src/data/text-limit.ts";
import { cellsOf } from "../../src/metrics/confusion.ts";
import type { Report } from "../../src/metrics/report.ts";
import type { Problem } from "../../src/problem/problem.ts";
import { Declined, type Allow, type Session } from "../../src/workers/session.ts";
import { rowScoresFrom } from "../metrics/row-scores-from.ts";

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
    async selectRows(columns: ColumnChoice, share: number, seed: number) {
      await called("selectRows", columns, share, seed);
      return dataSummary();
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
    start: (recipe) => called("start", recipe),
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
    close: () => void calls.push(["close"]),
    ...answers,
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
