import { foldsSummary, rankedIssues, runPlan } from "../app/fake-session.ts";
import type { EncodedRows } from "../../src/data/rows.ts";
import { cutAt, type TextLimit } from "../../src/data/text-limit.ts";
import { Problem } from "../../src/problem/problem.ts";
import { defaultRecipe } from "../../src/recipe/recipe.ts";
import { createTokenizer } from "../../src/tokenize/tokenizer.ts";
import { EncodedJobs } from "../../src/workers/encoded-jobs.ts";
import type {
  DataCalls,
  DataSummary,
  LayoutCalls,
  ModelSummary,
  RowsPart,
  TrainCalls,
} from "../../src/workers/protocol.ts";
import { createTokenizeService } from "../../src/workers/tokenize-service.ts";
import { TokenizerPool } from "../../src/workers/tokenizer-pool.ts";
import { type Spawn, WorkerSession } from "../../src/workers/worker-session.ts";
import { machineMeasurement } from "../run/machine/measurement.ts";
import { smallTokenizer } from "../tokenize/starter-tokenizer.ts";
import { tableSummary } from "../app/fake-session.ts";
import { FakeWorker, serving } from "./fake-workers.ts";

export const files = smallTokenizer(["a", "b", "c"]);
export const tokenizer = createTokenizer(files);
export const texts = {
  train: Array.from({ length: 700 }, (_, i) => ["a", "b b", "c"][i % 3] ?? ""),
  validation: ["c c", "a"],
  unlabelled: ["a c"],
  test: ["a b c"],
  earlierTrain: ["b", "c b"],
  earlierValidation: ["a a a"],
};
/** The lines of a text file. */
export const lines = ["b a", "c"];
export const columns = { text: 0, pair: null, label: 1 };

const summary: DataSummary = {
  task: "single-label",
  taskReason: "",
  labelNames: ["x", "y"],
  targets: { trainCounts: [350, 350], validationCounts: [1, 1] },
  trainRows: 700,
  validationRows: 2,
  droppedRows: 0,
  unlabelledRows: 0,
  lengths: { unit: "words", binWidth: 1, counts: [], longest: 2, mean: 1, longerThan: [] },
  findings: [],
};

export const earlierSummary: DataSummary = {
  ...summary,
  labelNames: ["old", "older"],
  trainRows: 2,
  validationRows: 1,
};

export const model: ModelSummary = {
  name: "small",
  layers: 1,
  hiddenSize: 4,
  heads: 1,
  intermediateSize: 16,
  parameters: 1,
  dtype: "float32",
  vocabularySize: 7,
  typeVocabularySize: 2,
  maxPositions: 16,
  bytes: 4,
  labelNames: null,
  head: { kind: "none", classes: null, obstacle: "The checkpoint has no classifier." },
  hasPooler: true,
  family: "bert",
  languageHead: "new",
  pooling: "pooler",
  notes: [],
  licence: "",
  lowercase: true,
  sentencePooling: null,
  limit: cutAt(16),
};

/** A call as a worker got it: its name beside what came with it. */
type Asked<Calls> = {
  [K in keyof Calls]: Calls[K] extends (argument: infer Argument, ...rest: never[]) => unknown
    ? { type: K } & (Argument extends object ? Argument : unknown)
    : never;
}[keyof Calls];

/** A session, its workers, and what they were asked. */
interface World {
  session: WorkerSession;
  workers: Record<Parameters<Spawn>[0], FakeWorker[]>;
  /** Calls that the data and the training worker got, in order. */
  asked: (Asked<DataCalls> | Asked<TrainCalls>)[];
  /** Rows that training began with, and those of each prediction. */
  received: EncodedRows[];
  /** What threads were sent at their start. */
  threadStarts: unknown[];
}

const open: WorkerSession[] = [];

/** Ends all sessions that were made. */
export function closeSessions(): void {
  open.splice(0).forEach((session) => session.close());
}

/** Bytes that the device may take where the sessions are. */
export const MOST_BYTES = 1.2e9;

/** A session over workers that answer in this thread. */
export function world(tokenizerFiles = files, openedModel = model, rows: Partial<DataSummary> = {}): World {
  const workers: World["workers"] = { data: [], tokenize: [], train: [], thread: [], layout: [] };
  const asked: World["asked"] = [];
  const received: EncodedRows[] = [];
  const threadStarts: unknown[] = [];
  const session = new WorkerSession(
    (kind) => {
      const made = makers[kind]();
      workers[kind].push(made);
      return made;
    },
    2,
    MOST_BYTES,
  );
  open.push(session);
  const makers = {
    data: () => dataWorker(asked, { ...summary, ...rows }),
    train: trainWorker,
    tokenize: tokenizeWorker,
    layout: layoutWorker,
    thread: () => new FakeWorker((scope) => scope.addEventListener("message", ({ data }) => threadStarts.push(data))),
  };

  function trainWorker(): FakeWorker {
    const jobs = new EncodedJobs();
    const found = [{ label: "x", probabilities: [1, 0] }];
    const predictions = { task: "single-label", labelNames: ["x", "y"], predictions: found, lengths: [] };
    const note = (type: "pause" | "resume" | "stop") => () => {
      asked.push({ type });
      return null;
    };
    return serving<TrainCalls>({
      chooseBackend: ({ choice }) => ({ backend: "cpu", adapter: "", reason: "", isSame: choice === "cpu" }),
      settle(argument) {
        asked.push({ type: "settle", ...argument });
        return null;
      },
      openModel: () => ({ summary: openedModel, tokenizer: tokenizerFiles }),
      connectTokenizers({ ports }) {
        for (const port of ports) jobs.addPort(port);
        return null;
      },
      setThresholds(argument) {
        asked.push({ type: "setThresholds", ...argument });
        return null;
      },
      measureMachine: () => ({ measurement: machineMeasurement(), summary: [] }),
      async start(request) {
        asked.push({ type: "start", ...request });
        const { earlier } = request;
        const names = [request.trainJob, request.validationJob];
        if (earlier) names.push(earlier.trainJob, earlier.validationJob);
        if (request.test) names.push(request.test.job);
        for (const name of names) received.push(await jobs.job(name));
        if (request.pretrainJob !== undefined) received.push(await jobs.job(request.pretrainJob));
        return null;
      },
      async startFolds(request) {
        asked.push({ type: "startFolds", ...request });
        received.push(await jobs.job(request.job));
        if (request.test) received.push(await jobs.job(request.test.job));
        if (request.earlier) received.push(await jobs.job(request.earlier.trainJob));
        return null;
      },
      async probeFolds(request) {
        asked.push({ type: "probeFolds", ...request });
        received.push(await jobs.job(request.job));
        return { issues: rankedIssues(), summary: foldsSummary() };
      },
      learningCurve: () => [{ rows: 4, values: { accuracy: 0.5 } }],
      dataMap: () => null,
      dataMapFile(request) {
        asked.push({ type: "dataMapFile", ...request });
        return { file: new Blob(["row"]) };
      },
      labelIssues: rankedIssues,
      foldFile(request) {
        asked.push({ type: "foldFile", ...request });
        return { file: new Blob([request.name]) };
      },
      tune: () => [],
      async plan(request) {
        asked.push({ type: "plan", ...request });
        received.push(await jobs.job(request.trainJob), await jobs.job(request.validationJob));
        const { earlier } = request;
        if (earlier) received.push(await jobs.job(earlier.trainJob), await jobs.job(earlier.validationJob));
        return runPlan();
      },
      async findRate(request) {
        asked.push({ type: "findRate", ...request });
        received.push(await jobs.job(request.trainJob));
        const planned = { steps: 60, highest: 0.1 };
        return { points: [], planned, end: "whole", start: 1, steepest: 2e-4, suggestion: 1e-4 };
      },
      pause: note("pause"),
      resume: note("resume"),
      stop: note("stop"),
      pageSeen({ isSeen }) {
        asked.push({ type: "pageSeen", isSeen });
        return null;
      },
      results: () => Promise.reject(new Problem({ found: "Nothing.", expected: "A run.", remedy: "Start." })),
      async nearest({ job }) {
        received.push(await jobs.job(job));
        return [{ place: 2, similarity: 0.5 }];
      },
      rowOutcomes({ weights, rows }) {
        asked.push({ type: "rowOutcomes", weights, rows });
        const values = Float64Array.of(1, 0);
        const labels = { labelNames: ["x"], labels: Int32Array.of(0, 0), starts: Int32Array.of(0, 1, 2) };
        return { outcomes: { kind: "right", values }, ...labels };
      },
      selectedResults: () => Promise.reject(new Problem({ found: "Nothing.", expected: "A run.", remedy: "Start." })),
      testResults({ weights, uses }) {
        asked.push({ type: "testResults", weights, uses });
        const scored = { report: { rows: 1 }, truth: { labels: Int32Array.of(0) }, scores: {} };
        return { ...scored, task: "single-label", weights, step: 3, labelNames: ["x", "y"], uses };
      },
      async predict({ job }) {
        received.push(await jobs.job(job));
        return predictions;
      },
      report(request) {
        asked.push({ type: "report", ...request });
        return { name: "report.html", file: new Blob([]) };
      },
      async explain(request) {
        asked.push({ type: "explain", ...request });
        await jobs.job(request.job);
        throw new Error("Nothing is explained here.");
      },
      map: () => null,
      rank: () => ({
        order: new Int32Array(0),
        scores: new Float32Array(0),
        predicted: [],
        confidence: new Float32Array(0),
      }),
      export(request) {
        asked.push({ type: "export", ...request });
        return { name: "model.zip", file: new Blob([]) };
      },
    });
  }

  return { session, workers, asked, received, threadStarts };
}

/** Lays nothing out for the seed 0, and never answers. */
function layoutWorker(): FakeWorker {
  return serving<LayoutCalls>({
    umap: ({ components, seed }) => (seed === 0 ? new Promise(() => undefined) : components.toReversed()),
  });
}

function dataWorker(asked: World["asked"], selected: DataSummary): FakeWorker {
  const pool = new TokenizerPool();
  const work = (job: string, part: RowsPart, limit: TextLimit) => {
    return { job, texts: texts[part], pairs: null, limit, lengthsOnly: false };
  };
  return serving<DataCalls>({
    openTable({ file, slot }) {
      if (file.size === 0) throw new Problem({ found: "Empty.", expected: "Rows.", remedy: "Choose another." });
      return tableSummary({ name: `${slot} ${file.name}` });
    },
    closeTable: () => null,
    whyNothingIsKept: () => ({ reason: null }),
    queryRows: () => ({ count: 0 }),
    rowWindow: () => ({ rows: [] }),
    rowCells: () => ({ cells: [] }),
    labelCells: () => ({ cells: [] }),
    setModelColumns: () => null,
    editTable(request) {
      asked.push({ type: "editTable", ...request });
      return { preview: [] };
    },
    tableCsv: () => ({ file: new Blob([]) }),
    editPatch: () => ({ text: "" }),
    readEditPatch: () => ({ edits: [] }),
    settle(request) {
      asked.push({ type: "settle", ...request });
      return null;
    },
    surveyCleaning: () => [],
    sampleTexts: () => ({ texts: [] }),
    selectRows(request) {
      asked.push({ type: "selectRows", ...request });
      return selected;
    },
    selectEarlier(request) {
      asked.push({ type: "selectEarlier", ...request });
      return earlierSummary;
    },
    selectEarlierTexts(request) {
      asked.push({ type: "selectEarlierTexts", ...request });
      return { trainRows: 2, validationRows: 1 };
    },
    connectTokenizers({ ports }) {
      pool.connect(ports);
      return null;
    },
    measureLengths: () => summary.lengths,
    async encode({ job, part, limit }, onProgress) {
      const total = texts[part].length;
      await pool.run(work(job, part, limit), (done) => onProgress({ what: "Tokenizing", done, total }));
      return { labels: { labels: new Int32Array(total).fill(1) }, rows: total };
    },
    async encodeFolds(request) {
      const { job, limit, ...rest } = request;
      asked.push({ type: "encodeFolds", ...request });
      const all = [...texts.train, ...texts.validation];
      await pool.run({ job, texts: all, pairs: null, limit, lengthsOnly: false }, () => undefined);
      const half = Int32Array.from({ length: all.length / 2 }, (_, i) => i);
      const other = half.map((row) => row + half.length);
      const folds = [
        { repeat: 1, fold: 1, train: other, held: half },
        { repeat: 1, fold: 2, train: half, held: other },
      ].slice(0, rest.counts.folds);
      return { labels: { labels: new Int32Array(all.length) }, copyOf: new Int32Array(0), folds };
    },
    cellsOf: () => [{ tableRow: 1, line: 2, text: "b b", pair: null }],
    openTextFile: ({ file }) => {
      const { name } = file;
      return { name, bytes: 4, encoding: "utf-8", lines: lines.length, words: 2, preview: [] };
    },
    closeTextFile: () => null,
    async encodeTextFile({ job, limit }, onProgress) {
      const work = { job, texts: lines, pairs: null, limit, lengthsOnly: false };
      await pool.run(work, (done) => onProgress({ what: "Tokenizing", done, total: lines.length }));
      return { rows: lines.length };
    },
    slices({ scored, asked: queries }) {
      asked.push({ type: "slices", scored, asked: queries });
      const all = { value: scored.outcomes.values.length, low: 0, high: 1 };
      return { figure: "accuracy", overall: { ...all, rows: 2 }, slices: [], columns: [], labelNames: [] };
    },
    trainLabels: ({ rows }) => ({ labels: rows.map((row) => [`label ${row}`]) }),
    sliceCandidates: () => ({ candidates: [], tested: 3 }),
    sliceRows: () => ({ rows: Int32Array.of(1) }),
    validationFingerprint: ({ places }) => ({ fingerprint: `${places?.length ?? "all"}` }),
    rowTexts: ({ part, rows }) =>
      rows.map((row) => {
        const text = texts[part === "folds" ? "train" : part][row] ?? "";
        return { tableRow: row + 1, line: row + 2, text, pair: null };
      }),
  });
}

function tokenizeWorker(): FakeWorker {
  return serving(createTokenizeService());
}

/** A session with rows chosen and a model open. */
export async function ready(openedModel = model, rows: Partial<DataSummary> = {}): Promise<World> {
  const made = world(files, openedModel, rows);
  await made.session.selectRows(columns, defaultRecipe);
  await made.session.openModel([]);
  return made;
}
