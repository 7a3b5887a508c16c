import { runPlan } from "../app/fake-session.ts";
import type { EncodedRows } from "../../src/data/rows.ts";
import { cutAt, type TextLimit } from "../../src/data/text-limit.ts";
import { Problem } from "../../src/problem/problem.ts";
import { defaultRecipe } from "../../src/recipe/recipe.ts";
import { createTokenizer } from "../../src/tokenize/tokenizer.ts";
import { EncodedJobs } from "../../src/workers/encoded-jobs.ts";
import type { DataCalls, DataSummary, ModelSummary, RowsPart, TrainCalls } from "../../src/workers/protocol.ts";
import { createTokenizeService } from "../../src/workers/tokenize-service.ts";
import { TokenizerPool } from "../../src/workers/tokenizer-pool.ts";
import { WorkerSession } from "../../src/workers/worker-session.ts";
import { machineMeasurement } from "../run/machine/measurement.ts";
import { smallTokenizer } from "../tokenize/starter-tokenizer.ts";
import { tableSummary } from "../app/fake-session.ts";
import { FakeWorker, serving } from "./fake-workers.ts";

export const files = smallTokenizer(["a", "b", "c"]);
export const tokenizer = createTokenizer(files);
export const texts = {
  train: Array.from({ length: 700 }, (_, i) => ["a", "b b", "c"][i % 3] ?? ""),
  validation: ["c c", "a"],
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
  workers: Record<"data" | "tokenize" | "train" | "thread", FakeWorker[]>;
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
export function world(tokenizerFiles = files, openedModel = model): World {
  const workers: World["workers"] = { data: [], tokenize: [], train: [], thread: [] };
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
    data: () => dataWorker(asked),
    train: trainWorker,
    tokenize: tokenizeWorker,
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
      measureMachine: () => ({ measurement: machineMeasurement(), summary: [] }),
      async start(request) {
        asked.push({ type: "start", ...request });
        const { earlier } = request;
        const names = [request.trainJob, request.validationJob];
        if (earlier) names.push(earlier.trainJob, earlier.validationJob);
        for (const name of names) received.push(await jobs.job(name));
        if (request.pretrainJob !== undefined) received.push(await jobs.job(request.pretrainJob));
        return null;
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
      async predict({ job }) {
        received.push(await jobs.job(job));
        return predictions;
      },
      export(request) {
        asked.push({ type: "export", ...request });
        return { name: "model.zip", file: new Blob([]) };
      },
    });
  }

  return { session, workers, asked, received, threadStarts };
}

function dataWorker(asked: World["asked"]): FakeWorker {
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
    settle(request) {
      asked.push({ type: "settle", ...request });
      return null;
    },
    selectRows(request) {
      asked.push({ type: "selectRows", ...request });
      return summary;
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
    rowTexts: ({ part, rows }) =>
      rows.map((row) => ({ tableRow: row + 1, line: row + 2, text: texts[part][row] ?? "", pair: null })),
  });
}

function tokenizeWorker(): FakeWorker {
  return serving(createTokenizeService());
}

/** A session with rows chosen and a model open. */
export async function ready(openedModel = model): Promise<World> {
  const made = world(files, openedModel);
  await made.session.selectRows(columns, defaultRecipe.validationShare, defaultRecipe.seed);
  await made.session.openModel([]);
  return made;
}
