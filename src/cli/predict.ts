import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { required } from "./options.ts";
import { predictTable } from "./predict-table.ts";
import { openPredictor } from "./predictor.ts";
import { print } from "./print.ts";
import { formatHelp, formatOptions } from "./table-options.ts";

const USAGE = `npm run -s tabtune -- predict --model DIR [options]

Reads one text per line from standard input and prints one JSON object a line:
{"label": …, "scores": {LABEL: probability, …}}. Of a model that gives several labels per text, "label" is the
list of those with a probability of at least 0.5, each probability by itself.

  --data FILE      instead: predicts every row of a table
  --text COL  --pair COL    its columns by name (else detected)
${formatHelp}
  --out FILE       where the predictions of --data go: line of the file, texts, label, confidence and the probability
                   of each class (of more than 100 classes of the ten most probable ones), as CSV, or as JSON lines
                   where FILE ends in .jsonl (else to standard output, as those)
  --neutralize     puts an apostrophe before CSV cells that a spreadsheet would run as a formula (= + - @)
  --backend B      auto (default), webgpu, wasm or cpu`;

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
      neutralize: { type: "boolean", default: false },
      backend: { type: "string", default: "auto" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return console.error(USAGE);
  const model = required(values.model, "--model");
  if (values.data !== undefined) return predictTable({ ...values, model, data: values.data });
  const stray = (["text", "pair", "out"] as const).find((name) => values[name] !== undefined);
  if (stray) required(undefined, `--data, without which --${stray} has no meaning,`);
  const predictor = await openPredictor(model, values.backend);
  const flush = async (texts: string[]) => {
    if (texts.length === 0) return;
    const lines = (await predictor.predict(texts, null)).map(({ label, probabilities }) =>
      JSON.stringify({ label, scores: predictor.byName(probabilities) }),
    );
    await print(`${lines.join("\n")}\n`);
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
