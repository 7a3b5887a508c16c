import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { textCleaner } from "../data/cleaning/clean-text.ts";
import { guessColumns } from "../data/columns.ts";
import type { Table } from "../data/table.ts";
import { csvLine } from "../io/csv-cells.ts";
import { Problem } from "../problem/problem.ts";
import { loadClassifier } from "../run/open-model.ts";
import { ownTask } from "../run/own-classes.ts";
import { predictTexts, type AskedTexts } from "../run/score.ts";
import { limitOf, type AnyPrediction } from "../tasks/task.ts";
import { encodeRows } from "../tokenize/encode-rows.ts";
import { createTokenizer } from "../tokenize/tokenizer.ts";
import { columnNamed } from "../data/column-named.ts";
import { openModelFolder } from "./model-folder.ts";
import { startNodeBackend } from "./node-backend.ts";
import { required, backendOption, threadsOption } from "./options.ts";
import { print, openOutput } from "./output.ts";
import {
  predictedCells,
  predictedHeader,
  predictedJson,
  type PredictedRow,
  type PredictedTable,
} from "./predicted-lines.ts";
import { StopSignals } from "./stop-signals.ts";
import { askedThresholds, thresholdHelp, thresholdOptions, withThresholds } from "./threshold-options.ts";
import { formatHelp, formatOptions, openTableOf, type OptionValues } from "./table-options.ts";

const USAGE = `npm run -s tabtune -- predict --model DIR [options]

Reads one text per line from standard input, or a pair as {"text": …, "pair": …}, and prints one JSON object a line:
{"label": …, "scores": {LABEL: probability, …}}; of a model that gives several labels per text
{"labels": […], "scores": {…}}, where each label has a threshold and the probabilities are independent; of a model that
predicts a number {"value": …}; of one that labels words
{"entities": [{"label", "start", "end", "text", "score"}]}, with start and end in code points, end not included.

  --data FILE      predict every row of a table instead
  --text COL  --pair COL    its columns by name (else detected)
${formatHelp}
  --out FILE       write the predictions of --data there: line of the file, texts, and what is predicted of
                   them (with more than 100 classes the ten most probable ones). The format is
                   CSV, or JSON lines where FILE ends in .jsonl. Without --out, JSON lines go to standard output.
${thresholdHelp}
  --neutralize     put an apostrophe before CSV cells that a spreadsheet would run as a formula (= + - @)
  --backend B      auto (default), webgpu, wasm or cpu
  --threads N      threads of the backend wasm; default: as many as are fastest, up to all cores`;

const LINES_AT_ONCE = 64;

/** `tabtune predict`. */
export async function predict(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      model: { type: "string" },
      data: { type: "string" },
      text: { type: "string" },
      pair: { type: "string" },
      ...formatOptions,
      out: { type: "string" },
      threshold: thresholdOptions.threshold,
      neutralize: { type: "boolean", default: false },
      backend: { type: "string", default: "auto" },
      threads: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return console.error(USAGE);
  const model = required(values.model, "--model");
  if (values.data !== undefined) return predictTable({ ...values, model, data: values.data });
  const stray = (["text", "pair", "out"] as const).find((name) => values[name] !== undefined);
  if (stray) required(undefined, `--data, without which --${stray} has no meaning,`);
  const predictor = await openPredictor(model, values);
  const { task, labelNames } = predictor;
  let before = 0;
  const flush = async (lines: string[]) => {
    if (lines.length === 0) return;
    const asked = lines.map((line, i) => askedOf(line, before + i + 1));
    before += lines.length;
    const found = new Array<AnyPrediction>(lines.length);
    // A text without a second one is read alone, whatever lines are beside it.
    for (const hasPair of [false, true]) {
      const places = [...asked.keys()].filter((place) => (asked[place]?.pair !== null) === hasPair);
      const partsOf = (part: "text" | "pair") => places.map((place) => asked[place]?.[part] ?? "");
      if (places.length === 0) continue;
      const predictions = await predictor.predict(partsOf("text"), hasPair ? partsOf("pair") : null);
      predictions.forEach((prediction, i) => (found[places[i] ?? 0] = prediction));
    }
    const printed = found.map((prediction) => JSON.stringify(task.printed.line(prediction, labelNames)));
    await print(`${printed.join("\n")}\n`);
  };
  let waiting: string[] = [];
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    waiting.push(line);
    if (waiting.length < LINES_AT_ONCE) continue;
    await flush(waiting);
    waiting = [];
  }
  await flush(waiting);
}

/** A line of standard input: a text, or an object of a text and maybe a second one. Other objects are texts as they stand. */
export function askedOf(line: string, number: number): { text: string; pair: string | null } {
  const plain = { text: line, pair: null };
  if (!/^\s*\{.*"(text|pair)"\s*:/s.test(line)) return plain;
  let asked: { text?: unknown; pair?: unknown };
  try {
    asked = JSON.parse(line) as object;
  } catch {
    return plain;
  }
  const { text, pair = null } = asked;
  if (text === undefined && pair === null) return plain;
  if (typeof text === "string" && (pair === null || typeof pair === "string")) return { text, pair };
  const shown = line.length > SHOWN_OF_LINE ? `${line.slice(0, SHOWN_OF_LINE)}…` : line;
  throw new Problem({
    found: `Line ${number} is ${shown}.`,
    expected: `An object with a text, and maybe a second one, was expected: {"text": "…", "pair": "…"}.`,
    remedy: "Put what is to be read in quotes under “text”, or write the text alone on the line.",
  });
}

const SHOWN_OF_LINE = 200;

interface PredictTableOptions extends OptionValues {
  threshold?: string[] | undefined;
  model: string;
  data: string;
  text?: string | undefined;
  pair?: string | undefined;
  out?: string | undefined;
  neutralize: boolean;
  backend: string;
  threads?: string | undefined;
}

const ROWS_AT_ONCE = 256;
const SHOW_EVERY_MS = 2000;

/**
 * Predicts every row of a table. The file appears when it is whole; rows without a text stay in it without a
 * prediction. Throws a Problem where a file cannot be read or written, or no column holds texts.
 */
async function predictTable(options: PredictTableOptions): Promise<void> {
  const { model, data, out } = options;
  const table = await openTableOf(data, options);
  const columns = textColumns(table, options);
  const names = columns.map((place) => table.columns[place] ?? "").join("” and “");
  console.error(`${table.rowCount} rows of ${table.name}, texts of “${names}”`);
  const sink = openOutput(out, data);
  if (out !== undefined) new StopSignals({ stop: () => false, abandon: () => sink.discard() });
  try {
    const predictor = await openPredictor(model, options);
    const asJson = out === undefined || /\.(jsonl|ndjson)$/i.test(out);
    const style = { neutralize: options.neutralize };
    const { task, labelNames } = predictor;
    const place = table.lines ? "line" : "row";
    const written: PredictedTable = { place, texts: columns.length, task, labelNames };
    if (!asJson) await sink.write(csvLine(predictedHeader(written), style));
    let shownAt = performance.now();
    for (let start = 0; start < table.rowCount; start += ROWS_AT_ONCE) {
      const end = Math.min(table.rowCount, start + ROWS_AT_ONCE);
      const rows = await predictRows(table, columns, predictor, start, end);
      const lines = rows.map((row) =>
        asJson ? predictedJson(row, written) : csvLine(predictedCells(row, written), style),
      );
      await sink.write(lines.join(""));
      if (performance.now() - shownAt < SHOW_EVERY_MS && end < table.rowCount) continue;
      shownAt = performance.now();
      console.error(`${end} of ${table.rowCount} rows`);
    }
    sink.finish();
  } finally {
    sink.discard();
  }
}

/** The place of the text column, and of the second one where there is one. */
function textColumns(table: Table, { text, pair }: PredictTableOptions): number[] {
  const { detected, problem } = guessColumns(table.columns, table.cells);
  const only = table.columns.length === 1 ? 0 : null;
  const first = text === undefined ? (detected.text ?? only) : columnNamed(table, text);
  // A detected pair goes only with a detected text.
  const second = pair === undefined ? (text === undefined ? detected.pair : null) : columnNamed(table, pair);
  if (first !== null && first !== second) return second === null ? [first] : [first, second];
  throw new Problem({
    found: first === null ? problem : `“${table.columns[first] ?? ""}” is both the text and the second text.`,
    expected: `A column of texts was expected among ${table.columns.join(", ")}.`,
    remedy: "Name it with --text, and a second one with --pair.",
  });
}

async function predictRows(
  table: Table,
  columns: readonly number[],
  predictor: Predictor,
  start: number,
  end: number,
): Promise<PredictedRow[]> {
  const { readText = (text: string) => ({ text, words: null }) } = predictor.task;
  const rows = Array.from({ length: end - start }, (_, i) => {
    const read = columns.map((place) => readText(table.cells[place]?.at(start + i) ?? ""));
    const texts = read.map(({ text }) => text);
    const line = table.lines?.[start + i] ?? start + i + 1;
    return { line, texts, words: read[0]?.words ?? null, prediction: null as PredictedRow["prediction"] };
  });
  const full = rows.filter(({ texts }) => texts.every((text) => text.trim() !== ""));
  if (full.length === 0) return rows;
  const textsAt = (place: number) => full.map(({ texts }) => texts[place] ?? "");
  const words = full.map((row) => row.words);
  const predictions = await predictor.predict(textsAt(0), columns.length > 1 ? textsAt(1) : null, words);
  for (const [i, row] of full.entries()) row.prediction = predictions[i] ?? null;
  return rows;
}

/** Opens a fine-tuned model for predictions; throws a Problem where its head cannot score texts. */
async function openPredictor(
  folder: string,
  { backend, threads, threshold }: Pick<PredictTableOptions, "backend" | "threads" | "threshold">,
) {
  const asked = askedThresholds({ threshold });
  const opened = await openModelFolder(folder);
  const { task: own, labelNames } = ownTask(opened);
  const task = withThresholds(own, labelNames, asked);
  const tokenizer = createTokenizer(opened.tokenizer);
  const info = await startNodeBackend(backendOption(backend), {
    threads: threads === undefined ? "fastest" : threadsOption(threads),
  });
  console.error(`${info.backend} · ${info.adapter}. ${info.reason}`);
  const model = await loadClassifier(opened, labelNames);
  const clean = opened.summary.cleaning ? textCleaner(opened.summary.cleaning) : null;
  return {
    task,
    labelNames,
    /** Predictions of texts, cleaned and read as in the run that trained the model. */
    async predict(
      texts: readonly string[],
      pairs: readonly string[] | null,
      words?: AskedTexts["words"],
    ): Promise<AnyPrediction[]> {
      const cleaned = clean === null ? texts : texts.map(clean);
      const seconds = clean === null ? pairs : (pairs?.map(clean) ?? null);
      const rows = encodeRows(cleaned, seconds, limitOf(task, opened.summary.limit), tokenizer);
      return predictTexts(model, task, { texts, words, rows, tokenizer: opened.tokenizer }, labelNames);
    },
  };
}

type Predictor = Awaited<ReturnType<typeof openPredictor>>;
