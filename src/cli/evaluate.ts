import { targetsOf } from "../tasks/targets.ts";
import { parseArgs } from "node:util";
import { textCleaner } from "../data/cleaning/clean-text.ts";
import { labelRows } from "../data/label-rows.ts";
import { onlyLabels } from "../data/row-labels.ts";
import { withLines } from "../data/table-findings.ts";
import { labelled } from "../data/windows.ts";
import { Problem } from "../problem/problem.ts";
import { loadClassifier } from "../run/open-model.ts";
import { ownTask } from "../run/own-classes.ts";
import { scoreLabelled } from "../run/score.ts";
import { filedFigures } from "../tasks/intervals.ts";
import { limitOf } from "../tasks/task.ts";
import { encodeRows } from "../tokenize/encode-rows.ts";
import { createTokenizer } from "../tokenize/tokenizer.ts";
import { chooseColumns, columnOptions, taskHelp } from "./columns.ts";
import { openModelFolder } from "./model-folder.ts";
import { startNodeBackend } from "./node-backend.ts";
import { backendOption, required, threadsOption } from "./options.ts";
import { openOutput, type Output } from "./output.ts";
import { sliceOption, slicesOf } from "./slice-options.ts";
import { usedColumns } from "../insight/table-slices.ts";
import { findingLine, showTable } from "./data-lines.ts";
import { StopSignals } from "./stop-signals.ts";
import { formatHelp, formatOptions, openTableOf } from "./table-options.ts";
import {
  askedThresholds,
  costHelp,
  decidedBy,
  thresholdHelp,
  thresholdOptions,
  withThresholds,
} from "./threshold-options.ts";

const USAGE = `npm run -s tabtune -- evaluate --model DIR --data FILE [options]

Scores a fine-tuned classifier on labelled rows and prints the report as JSON. Texts are cleaned, cut to the max length and pooled
as in the run that trained it, so the run's validation file gives the run's own score.

  --text COL  --pair COL  --label COL    columns by name (else guessed)
${taskHelp}
${formatHelp}
  --backend B      auto (default), webgpu, wasm or cpu
  --threads N      threads of the backend wasm; default: as many as are fastest, up to all cores
${thresholdHelp}
${costHelp}
  --slices         add "slices" to the report: the figure of rows by length, label and each other column of the table,
                   worst first, with sizes and 95 % intervals, and words and values that wrong rows have more often
                   than chance explains (Fisher's exact test, corrected by Benjamini and Hochberg)
  --slice COND     one more slice, as often as needed: contains:WORD, matches:EXPRESSION, label:NAME, length:FROM-TO (in
                   words) or COLUMN=VALUE
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
      ...thresholdOptions,
      slices: { type: "boolean", default: false },
      slice: { type: "string", multiple: true },
      out: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return console.error(USAGE);
  let output: Output | null = null;
  new StopSignals({ stop: () => false, abandon: () => output?.discard() });
  const asked = askedThresholds(values);
  const opened = await openModelFolder(required(values.model, "--model"));
  const { task: own, labelNames } = ownTask(opened);
  const task = withThresholds(own, labelNames, asked);
  const reader = targetsOf(task);
  const data = required(values.data, "--data");
  const queries = (values.slice ?? []).map(sliceOption);
  const table = await openTableOf(data, values);
  const choice = chooseColumns(table, { ...values, task: values.task ?? task.name });
  const clean = opened.summary.cleaning ? textCleaner(opened.summary.cleaning) : null;
  const { rows, findings } = labelRows(reader, table, choice, labelNames, { lines: table.lines, clean });
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
    const truth = onlyLabels(rows);
    const given = await scoreLabelled(model, task, labelled(encoded, rows), labelNames);
    // The scores are those of logits that the task has divided by its temperature.
    const decided = decidedBy(task, labelNames, { ...given, truth }, asked, 1);
    const again = decided && task.decision?.at(decided.thresholds).decision?.again({ ...given, truth }, labelNames, 1);
    const scored = { ...given, ...again };
    const figures = filedFigures(task, { ...scored, truth }, labelNames);
    const found =
      values.slices || queries.length > 0
        ? slicesOf(task, labelNames, { ...scored, truth, rows, table, used: usedColumns(table, choice) }, queries)
        : null;
    await output.write(
      `${JSON.stringify({ labelNames, ...figures, ...(decided && { decision: decided.filed }), ...(found && { slices: found }) })}\n`,
    );
    output.finish();
  } finally {
    output.discard();
  }
}
