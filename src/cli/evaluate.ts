import { targetsOf } from "../tasks/targets.ts";
import { parseArgs } from "node:util";
import { labelRows } from "../data/label-rows.ts";
import { withLines } from "../data/table-findings.ts";
import { labelled } from "../data/windows.ts";
import { Problem } from "../problem/problem.ts";
import { loadClassifier } from "../run/open-model.ts";
import { ownTask } from "../run/own-classes.ts";
import { scoreLabelled } from "../run/score.ts";
import { limitOf } from "../tasks/task.ts";
import { encodeRows } from "../tokenize/encode-rows.ts";
import { createTokenizer } from "../tokenize/tokenizer.ts";
import { chooseColumns, columnOptions, taskHelp } from "./columns.ts";
import { openModelFolder } from "./model-folder.ts";
import { startNodeBackend } from "./node-backend.ts";
import { backendOption, required, threadsOption } from "./options.ts";
import { openOutput, type Output } from "./output.ts";
import { findingLine, showTable } from "./data-lines.ts";
import { StopSignals } from "./stop-signals.ts";
import { formatHelp, formatOptions, openTableOf } from "./table-options.ts";

const USAGE = `npm run -s tabtune -- evaluate --model DIR --data FILE [options]

Scores a fine-tuned classifier on labelled rows and prints the report as JSON. Texts are pooled and cut to the max
length as in the run that trained it, so the run's validation file gives the run's own score.

  --text COL  --pair COL  --label COL    columns by name (else guessed)
${taskHelp}
${formatHelp}
  --backend B      auto (default), webgpu, wasm or cpu
  --threads N      threads of the backend wasm; default: as many as are fastest, up to all cores
  --out FILE       write the report there instead of to standard output`;

/** `tabtune evaluate`. */
export async function evaluate(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      model: { type: "string" },
      data: { type: "string" },
      ...columnOptions,
      ...formatOptions,
      backend: { type: "string", default: "auto" },
      threads: { type: "string" },
      out: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return console.error(USAGE);
  let output: Output | null = null;
  new StopSignals({ stop: () => false, abandon: () => output?.discard() });
  const opened = await openModelFolder(required(values.model, "--model"));
  const { task, labelNames } = ownTask(opened);
  const reader = targetsOf(task);
  const data = required(values.data, "--data");
  const table = await openTableOf(data, values);
  const choice = chooseColumns(table, { ...values, task: values.task ?? task.name });
  const { rows, findings } = labelRows(reader, table, choice, labelNames, { lines: table.lines });
  showTable(table, choice, reader.describe([rows]));
  for (const finding of withLines([...table.findings, ...findings], table.lines)) console.error(findingLine(finding));
  if (rows.texts.length === 0) {
    throw new Problem({
      found: `${table.name} has no row that this model can be scored on, with ${labelNames.join(", ")}.`,
      remedy: "Name the columns with --text and --label, or take a file with these labels.",
    });
  }
  output = openOutput(values.out, data);
  try {
    const limit = limitOf(task, opened.summary.limit);
    const encoded = encodeRows(rows.texts, rows.pairs, limit, createTokenizer(opened.tokenizer));
    const info = await startNodeBackend(backendOption(values.backend), {
      threads: values.threads === undefined ? "fastest" : threadsOption(values.threads),
    });
    console.error(`${info.backend} · ${info.adapter}. ${info.reason}`);
    const model = await loadClassifier(opened, labelNames);
    const scored = await scoreLabelled(model, task, labelled(encoded, rows), labelNames);
    const figures = { ...task.filed(scored.report), ...task.filedRows?.(rows, scored.scores) };
    await output.write(`${JSON.stringify({ labelNames, ...figures })}\n`);
    output.finish();
  } finally {
    output.discard();
  }
}
