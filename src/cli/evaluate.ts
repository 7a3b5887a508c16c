import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { labelRows } from "../data/label-rows.ts";
import { openTable } from "../data/table.ts";
import { fileSource } from "../io/node-file.ts";
import { reportOf } from "../metrics/report-of.ts";
import { Problem } from "../problem/problem.ts";
import { loadClassifier } from "../run/open-model.ts";
import { ownClasses } from "../run/own-classes.ts";
import { score } from "../run/score.ts";
import { encodeRows } from "../tokenize/encode-rows.ts";
import { createTokenizer } from "../tokenize/tokenizer.ts";
import { chooseColumns } from "./columns.ts";
import { openModelFolder } from "./model-folder.ts";
import { startNodeBackend } from "./node-backend.ts";
import { backendOption, required } from "./options.ts";

const USAGE = `npm run -s tabtune -- evaluate --model DIR --data FILE [options]

Scores a fine-tuned classifier on labelled rows and prints the report as JSON. Texts are pooled and cut to the max
length as in the run that trained it, so that the run's validation file gives the run's own score.

  --text COL  --pair COL  --label COL    columns by name (else guessed)
  --backend B      auto (default), webgpu, wasm or cpu
  --out FILE       write the report there instead of to standard output`;

/** `tabtune evaluate`. */
export async function evaluate(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      model: { type: "string" },
      data: { type: "string" },
      text: { type: "string" },
      pair: { type: "string" },
      label: { type: "string" },
      backend: { type: "string", default: "auto" },
      out: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return console.error(USAGE);
  const opened = await openModelFolder(required(values.model, "--model"));
  const labelNames = ownClasses(opened.summary);
  const table = await openTable(await fileSource(required(values.data, "--data")));
  const { rows, findings } = labelRows(table.cells, chooseColumns(table, values), labelNames);
  for (const { severity, text } of findings) console.error(`${severity}: ${text}`);
  if (rows.texts.length === 0) {
    throw new Problem({
      found: `${table.name} has no row with one of the classes ${labelNames.join(", ")}.`,
      expected: "Labels were expected to be the classifier's.",
      remedy: "Name the columns with --text and --label, or take a file with these labels.",
    });
  }
  const encoded = encodeRows(rows.texts, rows.pairs, opened.maxLength, createTokenizer(opened.tokenizer));
  const info = await startNodeBackend(backendOption(values.backend));
  console.error(`${info.backend} · ${info.adapter}. ${info.reason}`);
  const model = await loadClassifier(opened, labelNames);
  const logits = await score(model, encoded, labelNames.length);
  const report = JSON.stringify({ labelNames, ...reportOf(rows.labels, logits, labelNames.length) });
  if (values.out === undefined) console.log(report);
  else await writeFile(values.out, `${report}\n`);
}
