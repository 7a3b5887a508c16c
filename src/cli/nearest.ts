import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { textCleaner } from "../data/cleaning/clean-text.ts";
import { labelRows } from "../data/label-rows.ts";
import { labelColumns } from "../data/summary.ts";
import { textCount } from "../data/windows.ts";
import { nearestRows } from "../metrics/nearest.ts";
import { Problem } from "../problem/problem.ts";
import { loadClassifier } from "../run/open-model.ts";
import { ownTask } from "../run/own-classes.ts";
import { textVectors } from "../run/text-vectors.ts";
import { targetsOf } from "../tasks/targets.ts";
import { encodeRows } from "../tokenize/encode-rows.ts";
import { createTokenizer } from "../tokenize/tokenizer.ts";
import { chooseColumns, columnOptions, taskHelp } from "./columns.ts";
import { openModelFolder } from "./model-folder.ts";
import { startNodeBackend } from "./node-backend.ts";
import { backendOption, countOption, required, threadsOption } from "./options.ts";
import { print } from "./output.ts";
import { askedOf } from "./predict.ts";
import { formatHelp, formatOptions, openTableOf } from "./table-options.ts";

const USAGE = `npm run -s tabtune -- nearest --model DIR --data FILE [options]

Finds the rows of a table, such as those that a model was trained on, whose vectors are nearest to a text's: what the
model takes for alike. Reads one text per line from standard input, or a pair as {"text": …, "pair": …}, and prints one
JSON object per line: {"text", "nearest": [{"row", "text", "label", "similarity"}]}, rows counted from 1 without the
header. A vector is what the model's head reads of a text (of words the mean of the last layer), the similarity is the
cosine, and the search is exact.

  --to TEXT        a text to look for, instead
  --to-pair TEXT   its second text
  --count N        rows to find; default: 5
  --text COL  --pair COL  --label COL    columns of --data by name (else guessed)
${taskHelp}
${formatHelp}
  --backend B      auto (default), webgpu, wasm or cpu
  --threads N      threads of the backend wasm; default: as many as are fastest, up to all cores`;

/** `tabtune nearest`. */
export async function nearest(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      model: { type: "string" },
      data: { type: "string" },
      to: { type: "string" },
      "to-pair": { type: "string" },
      count: { type: "string", default: "5" },
      ...columnOptions,
      ...formatOptions,
      backend: { type: "string", default: "auto" },
      threads: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return console.error(USAGE);
  const count = countOption("--count", values.count);
  if (values["to-pair"] !== undefined) required(values.to, "--to, without which --to-pair has no meaning,");
  const opened = await openModelFolder(required(values.model, "--model"));
  const { task, labelNames } = ownTask(opened);
  const table = await openTableOf(required(values.data, "--data"), values);
  const choice = chooseColumns(table, { ...values, task: values.task ?? task.name });
  const { cleaning, limit } = opened.summary;
  const clean = cleaning ? textCleaner(cleaning) : null;
  const { rows } = labelRows(targetsOf(task), table, choice, labelNames, { lines: table.lines, clean });
  if (rows.texts.length === 0) {
    throw new Problem({
      found: `${table.name} has no row with a text and one of the labels ${labelNames.join(", ")}.`,
      remedy: "Name the columns with --text and --label, or take a file with these labels.",
    });
  }
  const tokenizer = createTokenizer(opened.tokenizer);
  const encoded = encodeRows(rows.texts, rows.pairs, limit, tokenizer);
  const info = await startNodeBackend(backendOption(values.backend), {
    threads: values.threads === undefined ? "fastest" : threadsOption(values.threads),
  });
  console.error(`${info.backend} · ${info.adapter}. ${info.reason}`);
  const model = await loadClassifier(opened, labelNames);
  const all = Int32Array.from({ length: textCount(encoded) }, (_, text) => text);
  const vectors = await textVectors(model, task, encoded, all);
  const labels = labelColumns(choice);
  const found = async ({ text, pair }: { text: string; pair: string | null }) => {
    const asked = encodeRows([clean?.(text) ?? text], pair === null ? null : [clean?.(pair) ?? pair], limit, tokenizer);
    const query = await textVectors(model, task, asked, Int32Array.of(0));
    const near = nearestRows(vectors.values, query.values, count).map(({ place, similarity }) => {
      const row = rows.tableRows[place] ?? 0;
      const second = rows.pairs?.at(place);
      return {
        row,
        text: rows.texts.at(place) ?? "",
        ...(second !== undefined && { pair: second }),
        label: labels.map((column) => table.cells[column]?.at(row - 1) ?? "").join(" "),
        similarity: Number(similarity.toPrecision(7)),
      };
    });
    await print(`${JSON.stringify({ text, ...(pair !== null && { pair }), nearest: near })}\n`);
  };
  if (values.to !== undefined) return found({ text: values.to, pair: values["to-pair"] ?? null });
  let number = 0;
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    await found(askedOf(line, ++number));
  }
}
