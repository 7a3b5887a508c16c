import { parseArgs } from "node:util";
import { textCleaner } from "../data/cleaning/clean-text.ts";
import { labelRows } from "../data/label-rows.ts";
import type { UnlabelledRows } from "../data/rows.ts";
import type { Table } from "../data/table.ts";
import { csvLine } from "../io/csv-cells.ts";
import { MappedTexts, PickedTexts, type Texts } from "../io/text-column.ts";
import { Problem } from "../problem/problem.ts";
import { counted } from "../recipe/wording.ts";
import { loadClassifier } from "../run/open-model.ts";
import { ownTask } from "../run/own-classes.ts";
import { rankings, rankUncertain, type Ranking } from "../run/uncertain-rows.ts";
import { targetsOf } from "../tasks/targets.ts";
import { limitOf } from "../tasks/task.ts";
import { encodeRows } from "../tokenize/encode-rows.ts";
import { createTokenizer } from "../tokenize/tokenizer.ts";
import { columnOptions, seeColumns, taskHelp } from "./columns.ts";
import { openModelFolder } from "./model-folder.ts";
import { startNodeBackend } from "./node-backend.ts";
import { backendOption, required, threadsOption } from "./options.ts";
import { openOutput } from "./output.ts";
import { StopSignals } from "./stop-signals.ts";
import { formatHelp, formatOptions, openTableOf } from "./table-options.ts";

const USAGE = `npm run -s tabtune -- uncertain --model DIR --data FILE [options]

Lists the rows of a table that a fine-tuned model is least sure of, as CSV: row,score,text[,pair],predicted. \`row\` counts
from 1 without the header; \`score\` is from 0 (sure) to 1. Where the table has a label column, these are its rows without a
label; else all rows.

  --by margin      1 less the difference of the two best answers (default)
  --by entropy     the entropy of the answers, as a share of the largest
  --by diverse     margin, and the first --batch rows are unlike each other (k-center greedy on the model's vectors)
  --batch N        rows that are labelled before the next training (default: 40)
  --text COL  --pair COL  --label COL    columns by name (else guessed)
${taskHelp}
${formatHelp}
  --out FILE       write the list there instead of to standard output
  --neutralize     put an apostrophe before CSV cells that a spreadsheet would run as a formula (= + - @)
  --backend B      auto (default), webgpu, wasm or cpu
  --threads N      threads of the backend wasm; default: as many as are fastest, up to all cores`;

/** `tabtune uncertain`. */
export async function uncertain(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      model: { type: "string" },
      data: { type: "string" },
      ...columnOptions,
      ...formatOptions,
      by: { type: "string", default: "margin" },
      batch: { type: "string", default: "40" },
      out: { type: "string" },
      neutralize: { type: "boolean", default: false },
      backend: { type: "string", default: "auto" },
      threads: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return console.error(USAGE);
  const by = rankingOption(values.by);
  const batch = batchOption(values.batch);
  const opened = await openModelFolder(required(values.model, "--model"));
  const { task, labelNames } = ownTask(opened);
  const data = required(values.data, "--data");
  const table = await openTableOf(data, values);
  const rows = rowsToLabel(table, { ...values, task: values.task ?? task.name }, labelNames);
  const output = openOutput(values.out, data);
  let isStopped = false;
  const stop = () => (isStopped ? false : (isStopped = true));
  if (values.out !== undefined) new StopSignals({ stop, abandon: () => output.discard() });
  try {
    const limit = limitOf(task, opened.summary.limit);
    const { cleaning } = opened.summary;
    const clean = cleaning ? textCleaner(cleaning) : null;
    const cleaned = (texts: Texts) => (clean ? new MappedTexts(texts, clean) : texts);
    const [texts, pairs] = [cleaned(rows.texts), rows.pairs && cleaned(rows.pairs)];
    const encoded = encodeRows(texts, pairs, limit, createTokenizer(opened.tokenizer));
    const info = await startNodeBackend(backendOption(values.backend), {
      threads: values.threads === undefined ? "fastest" : threadsOption(values.threads),
    });
    console.error(`${info.backend} · ${info.adapter}. ${info.reason}`);
    const model = await loadClassifier(opened, labelNames);
    const onProgress = (done: number) => {
      console.error(`${done} of ${counted(rows.texts.length, "row")}`);
      return !isStopped;
    };
    const { order, scores, predicted } = await rankUncertain(model, task, encoded, labelNames, {
      by,
      batch,
      onProgress,
    });
    const style = { neutralize: values.neutralize };
    await output.write(csvLine(["row", "score", "text", ...(rows.pairs ? ["pair"] : []), "predicted"], style));
    for (const place of order) {
      const texts = [rows.texts.at(place) ?? "", ...(rows.pairs ? [rows.pairs.at(place) ?? ""] : [])];
      const score = Number((scores[place] ?? NaN).toPrecision(7));
      await output.write(csvLine([rows.tableRows[place] ?? 0, score, ...texts, predicted[place] ?? ""], style));
    }
    output.finish();
  } finally {
    output.discard();
  }
}

type ColumnValues = Parameters<typeof seeColumns>[1] & { task: string };

/** The rows without a label, or all rows with a text where the table has no label column. */
function rowsToLabel(table: Table, values: ColumnValues, labelNames: readonly string[]): UnlabelledRows {
  const { choice, text, pair, problem } = seeColumns(table, values);
  if (choice) {
    const { unlabelled } = labelRows(targetsOf({ name: values.task }), table, choice, labelNames);
    if (unlabelled.tableRows.length === 0) {
      throw new Problem({
        found: `All rows of ${table.name} have a label in “${table.columns[choice.label] ?? ""}”.`,
        expected: "Rows with an empty label were expected.",
        remedy: "Take a file with rows to label, or one without a label column.",
      });
    }
    console.error(`${counted(unlabelled.tableRows.length, "row")} of ${table.name} without a label`);
    return unlabelled;
  }
  const texts = text === null ? (table.columns.length === 1 ? table.cells[0] : undefined) : table.cells[text];
  if (!texts) {
    throw new Problem({
      found: problem,
      expected: `A column of texts was expected among ${table.columns.join(", ")}.`,
      remedy: "Name it with --text.",
    });
  }
  const pairs = pair === null ? null : (table.cells[pair] ?? null);
  const all = Int32Array.from({ length: table.rowCount }, (_, row) => row);
  const rows = all.filter((row) => (texts.at(row) ?? "").trim() !== "" && !table.dropped?.has(row));
  console.error(`${counted(rows.length, "row")} of ${table.name}, which has no label column`);
  return {
    texts: new PickedTexts(texts, rows),
    pairs: pairs && new PickedTexts(pairs, rows),
    tableRows: rows.map((row) => row + 1),
  };
}

function rankingOption(value: string): Ranking {
  const by = rankings.find((name) => name === value);
  if (by) return by;
  throw new Problem({
    found: `--by is “${value}”.`,
    expected: `It was expected to be one of ${rankings.join(", ")}.`,
    remedy: "Correct the option or leave it out.",
  });
}

function batchOption(value: string): number {
  const batch = Number(value);
  if (Number.isInteger(batch) && batch >= 1) return batch;
  throw new Problem({
    found: `--batch is “${value}”.`,
    expected: "A whole number above 0 was expected.",
    remedy: "Correct the option or leave it out.",
  });
}
