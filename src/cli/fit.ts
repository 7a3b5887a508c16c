import { lstatSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { placeOf } from "../data/rows.ts";
import { reportProblem } from "../problem/problem.ts";
import { isAutomaticField } from "../recipe/automatic-fields.ts";
import { automaticRules } from "../recipe/automatic-rules.ts";
import type { Field } from "../recipe/field-kinds.ts";
import { fieldGroups, fields, type FieldName } from "../recipe/fields.ts";
import { presets } from "../recipe/presets.ts";
import { valuesOf } from "../recipe/field-text.ts";
import { whenItMatters } from "../recipe/relevance.ts";
import { adapterFactsOf } from "../run/adapter.ts";
import { Run } from "../run/run.ts";
import { leadingMetrics } from "../tasks/task.ts";
import { RunControl } from "../train/control.ts";
import { fitInput, fitOptions } from "./fit-input.ts";
import { MetricsFile, saveRun } from "./save-run.ts";
import { required, stepsOption } from "./options.ts";
import { otherInput, otherOptions } from "./other-input.ts";
import { tableHelp } from "./table-options.ts";
import { preparationLine, progressLine } from "./progress.ts";
import { adviceLines } from "./run-advice.ts";
import { RunFolder } from "./run-folder.ts";
import { StopSignals } from "./stop-signals.ts";
import { taskHelp } from "./columns.ts";

const options = {
  ...fitOptions,
  ...otherOptions,
  steps: { type: "string" },
  out: { type: "string" },
  adapter: { type: "boolean", default: false },
  neutralize: { type: "boolean", default: false },
} as const;

const usage = () => `npm run -s tabtune -- fit --model DIR --data FILE --out DIR [options]

Fine-tunes the checkpoint in DIR on a CSV or TSV file. Writes OUT/model/ (a Hugging Face folder with the best
weights), OUT/metrics.jsonl and OUT/report.json; where the baseline is better than those weights, OUT/baseline/ too. They
replace those of an earlier run once all are complete.
Progress goes to standard error, and so does advice at the end, one line each. A run that diverges (exit code 1) or is
stopped (Ctrl+C, SIGTERM, SIGHUP; 130, 143, 129) writes its best weights too; a second signal ends it immediately.

  --model DIR      config.json, model.safetensors (or shards), tokenizer.json; a zip of these works too
  --data FILE      rows to train on; encoding, delimiter, quotes and header are detected
  --valid FILE     rows to validate on (else a stratified share of --data)
  --test FILE      rows that are scored once at the end, by the weights that are written: “test” in report.json;
                   --test-encoding and so on say how the file is read
  --text COL  --pair COL  --label COL    columns by name (else guessed)
${taskHelp}
${tableHelp}
  --text-file FILE texts to pretrain on, one per line (else those of --data), where pretrainEpochs is above 0
  --earlier FILE   rows of the task that the checkpoint's own classifier was trained for: they are scored during the
                   run, which shows forgetting, and the fields ewc and rehearsal use them against it
  --earlier-valid FILE    other rows or texts of that task to score (else a share of its file); at most 256 are
  --earlier-text COL  --earlier-pair COL  --earlier-label COL    their columns by name (else guessed)
  --earlier-encoding, --earlier-valid-encoding and so on   how these files are read, as --encoding and so on
  --earlier-corpus FILE   instead: plain texts, one per line, of the kind that the checkpoint's language model was trained
                   on; how well it predicts words of them is reported during the run, and the field ewc protects its weights
  --recipe FILE    a recipe saved by the page or by hand
  --preset NAME    instead of a file: a way to train, see below
  --set KEY=VALUE  one field of the recipe; may be repeated
  --steps N        stop after N steps; the schedule ends there too
  --backend B      auto (default), webgpu, wasm or cpu
  --threads N      threads of the backend wasm; default: as many as are fastest, up to all cores
  --out DIR
  --adapter        with LoRA: also write OUT/adapter/, a PEFT folder of LoRA's matrices and the classifier
  --neutralize     put an apostrophe before cells of predictions.csv that a spreadsheet would run (= + - @)

Presets:
${presets.map(({ name, what }) => `  ${name}\n      ${what}`).join("\n")}

Fields of the recipe and their defaults:
${fieldGroups.map(({ title, fields: names }) => `\n  ${title}\n${names.map(fieldHelp).join("\n")}`).join("\n")}`;

/** A field with its default, what it does, what it takes and when it matters. */
function fieldHelp(name: FieldName): string {
  const field: Field = fields[name];
  const rule = isAutomaticField(name) ? ` (without --recipe and --preset automatic: ${automaticRules[name].rule})` : "";
  const lines = [field.what, valuesOf(name), whenItMatters(name)].filter((line) => line !== null);
  return [`  ${name}=${JSON.stringify(field.default)}${rule}`, ...lines.map((line) => `      ${line}`)].join("\n");
}

/** Exit code of a run that failed, even if its best weights were written. */
const FAILED = 1;

/** `tabtune fit`. */
export async function fit(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options });
  if (values.help) return console.error(usage());
  const maxSteps = stepsOption(values.steps);
  const folder = RunFolder.open(required(values.out, "--out"), inputPaths(values));
  const control = new RunControl();
  let trains = false;
  const signals = new StopSignals({
    stop() {
      control.stop();
      return trains;
    },
    abandon: () => folder.discard(),
  });
  try {
    const { input, data, test, name, tokenizer, automatic } = await fitInput(values);
    // Throws now rather than after hours of training.
    if (values.adapter) adapterFactsOf(input.recipe, input.opened);
    const other = await otherInput(values, input, data, tokenizer);
    const limits = maxSteps !== undefined && { maxSteps };
    const run = await Run.load({ ...input, ...other, ...limits }, control, preparationLine());
    trains = true;
    const { failure, unwritten } = await train(run, new MetricsFile(folder.metrics));
    for (const line of adviceLines(input, run.history, failure !== null)) console.error(line);
    if (failure) console.error(textOf(failure));
    process.exitCode = signals.exitCode ?? (failure || unwritten ? FAILED : 0);
    const isQuick = input.recipe.effort === "quick" && run.baseline !== null;
    if (!run.isTrained && !isQuick) {
      process.exitCode ||= FAILED;
      return console.error("No step was made, so there is no trained model; nothing was written.");
    }
    const rows = Array.from(data.validation.texts, (text, i) => ({
      line: placeOf(data.validation, i),
      text,
      pair: data.validation.pairs?.at(i) ?? null,
    }));
    const { adapter, neutralize } = values;
    const options = { adapter, neutralize, rows, test, automatic, dataName: basename(name) };
    const saved = await saveRun(run, folder, options);
    for (const complaint of saved.complaints) console.error(complaint);
    if (saved.complaints.length > 0) process.exitCode ||= FAILED;
    const scores = leadingMetrics(run.task).map(({ name, of }) => `${name} ${of(saved.report).toFixed(4)}`);
    console.error(`${scores.join(", ")} on ${saved.report.rows} rows`);
    const what = isQuick ? "The baseline" : `The best weights, of step ${saved.step},`;
    console.error(`${what} ${isQuick ? "is" : "are"} in ${join(saved.path, "model")}.`);
    const { againstBaseline: against } = run;
    if (against?.better === "baseline") {
      const { metric, baseline, fineTuned } = against;
      const values = `${metric.name} ${baseline.toFixed(4)}, and ${fineTuned.toFixed(4)} after fine-tuning`;
      console.error(`The baseline is better: ${values}. It is in ${join(saved.path, "baseline")}.`);
    }
  } finally {
    folder.discard();
  }
}

/** Trains to the end, or until an error ends it, which is returned as `failure`. */
async function train(run: Run, metrics: MetricsFile): Promise<{ failure: unknown; unwritten: boolean }> {
  const show = progressLine();
  let failure: unknown = null;
  try {
    for await (const event of run.events()) {
      metrics.write(event);
      show(event);
    }
  } catch (error) {
    failure = error;
  }
  metrics.close();
  const unwritten = metrics.failure !== null;
  // Incomplete events are not worth the space they take.
  if (unwritten && !isLink(metrics.path)) rmSync(metrics.path, { force: true });
  return { failure, unwritten };
}

const isLink = (path: string) => lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;

function textOf(error: unknown): string {
  const { found, expected, remedy } = reportProblem(error);
  return [found, expected, remedy].filter(Boolean).join("\n");
}

/** The paths that the run reads. */
function inputPaths(values: Record<string, unknown>): string[] {
  const tables = ["", "valid-", "test-", "earlier-", "earlier-valid-"].flatMap((file) => [
    `${file}labels`,
    `${file}label-names`,
  ]);
  const read = [
    "model",
    "data",
    "valid",
    "test",
    "recipe",
    "text-file",
    "earlier",
    "earlier-valid",
    "earlier-corpus",
    ...tables,
  ];
  return read.map((name) => values[name]).filter((path) => typeof path === "string");
}
