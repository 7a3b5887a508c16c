import { existsSync, lstatSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import type { AugmentedRows, DataSummary } from "../data/summary.ts";
import { placeOf, type LabelledRows } from "../data/rows.ts";
import { tableCells } from "../data/table-cells.ts";
import { isAutomaticField } from "../recipe/automatic-fields.ts";
import { automaticRules } from "../recipe/automatic-rules.ts";
import type { Field } from "../recipe/field-kinds.ts";
import { fieldGroups, fields, type FieldName } from "../recipe/fields.ts";
import type { Recipe } from "../recipe/recipe.ts";
import { presets } from "../recipe/presets.ts";
import { valuesOf } from "../recipe/field-text.ts";
import { whenItMatters } from "../recipe/relevance.ts";
import { adapterFactsOf } from "../run/adapter.ts";
import { Run, type HeldOutRow } from "../run/run.ts";
import type { RunState } from "../run/saved-run.ts";
import { parseInterval } from "../saves/save-interval.ts";
import { Problem } from "../problem/problem.ts";
import { leadingMetrics } from "../tasks/task.ts";
import { defaultTrainedTask } from "../tasks/trained-tasks.ts";
import { RunControl } from "../train/control.ts";
import { checkCurveOptions, curveHelp, curveOptions, fitCurve } from "./fit-curve.ts";
import { fitInput, fitOptions } from "./fit-input.ts";
import {
  crossValidationOf,
  foldCounts,
  foldHelp,
  foldLines,
  foldOptions,
  runFolds,
  saveFolds,
  textOf,
} from "./fit-folds.ts";
import type { CrossValidation } from "../run/folds.ts";
import { MetricsFile, saveRun } from "./save-run.ts";
import { required, stepsOption } from "./options.ts";
import { otherInput, otherOptions } from "./other-input.ts";
import { tableHelp } from "./table-options.ts";
import { askedThresholds, costHelp, thresholdHelp, thresholdOptions, withThresholds } from "./threshold-options.ts";
import { preparationLine, progressLine } from "./progress.ts";
import { adviceLines } from "./run-advice.ts";
import { RunFolder } from "./run-folder.ts";
import { checkInputs, inputFiles, inputPaths, withWholePaths } from "./run-inputs.ts";
import { RunSaves, type RunMachine } from "./run-saves.ts";
import { StopSignals } from "./stop-signals.ts";
import { splitHelp, taskHelp } from "./columns.ts";

const options = {
  ...fitOptions,
  ...otherOptions,
  steps: { type: "string" },
  out: { type: "string" },
  ...foldOptions,
  ...thresholdOptions,
  ...curveOptions,
  "save-every": { type: "string", default: "10m" },
  resume: { type: "string" },
  adapter: { type: "boolean", default: false },
  neutralize: { type: "boolean", default: false },
} as const;

type FitValues = ReturnType<typeof parseArgs<{ args: string[]; options: typeof options }>>["values"];

const usage = () => `npm run -s tabtune -- fit --model DIR --data FILE --out DIR [options]
npm run -s tabtune -- fit --resume DIR

Fine-tunes the checkpoint in DIR on a CSV or TSV file. Writes OUT/model/ (a Hugging Face folder with the best
weights), OUT/metrics.jsonl and OUT/report.json; where the baseline is better than those weights, OUT/baseline/ too, and
with the field dataMap OUT/data-map.csv. They replace those of an earlier run once all are complete.
Progress goes to standard error, and so does advice at the end, one line each. A run that diverges (exit code 1) or is
stopped (Ctrl+C, SIGTERM, SIGHUP; 130, 143, 129) writes its best weights too; a second signal ends it immediately.

  --model DIR      config.json, model.safetensors (or shards), tokenizer.json; a zip of these works too
  --data FILE      rows to train on; encoding, delimiter, quotes and header are detected
  --valid FILE     rows to validate on (else a stratified share of --data)
  --test FILE      rows to test on (else the field testShare sets some apart; none by default): neither trained nor
                   validated on, scored once at the end by the weights that are written: “test” in report.json and
                   test-predictions.csv; --test-encoding and so on say how the file is read
  --text COL  --pair COL  --label COL    columns by name (else guessed)
${splitHelp}
${foldHelp}
${curveHelp}
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
  --save-every T   save the run in OUT/saves after this time or number of steps (5s, 10m, 200steps; default 10m), so that
                   --resume can go on with it; “off” saves nothing. Those of a run that has ended are removed
  --resume OUT     go on with the run in this folder that was stopped or cut off, from its last save and with its own
                   options: the result is that of a run that was never interrupted
${thresholdHelp}
${costHelp};
                   here the validation rows. Both are for the weights that are written, whose config.json has them
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
  return values.resume === undefined ? fitInto(values) : resume(values.resume, args);
}

/** Goes on with the run in a folder. Throws a Problem where there is none, or a file of it is not as it was. */
async function resume(out: string, args: string[]): Promise<void> {
  if (args.length > 2 || (args.length === 2 && args[0] !== "--resume")) throw notAlone(out);
  const record = RunSaves.recordIn(out);
  if (!record) {
    if (!existsSync(join(out, "report.json"))) throw nothingToResume(out);
    return console.error(`The run in ${out} has ended. Its files are as they were.`);
  }
  const saves = RunSaves.open(out);
  try {
    await checkInputs(record.files);
    const state = await saves.latest();
    console.error(state ? `Going on after step ${state.training.step}.` : "No save was made yet: the run starts over.");
    await fitInto({ ...(record.options as FitValues), out }, { saves, state, machine: record.machine });
  } finally {
    saves.release();
  }
}

/** A run that goes on. */
interface Resumed {
  saves: RunSaves;
  state: RunState | null;
  machine: RunMachine;
}

async function fitInto(values: FitValues, resumed: Resumed | null = null): Promise<void> {
  const maxSteps = stepsOption(values.steps);
  const interval = parseInterval(values["save-every"]);
  const counts = foldCounts(values);
  const asked = askedThresholds(values);
  if (counts && asked.thresholds.size + asked.costs.size > 0) throw thresholdsOfFolds();
  const folder = RunFolder.open(required(values.out, "--out"), inputPaths(values));
  let saves: RunSaves | null = resumed?.saves ?? null;
  const control = new RunControl();
  const curveControl = new RunControl();
  let trains = false;
  let crossed: CrossValidation | null = null;
  const signals = new StopSignals({
    stop() {
      control.stop();
      curveControl.stop();
      crossed?.stop();
      return trains;
    },
    abandon() {
      saves?.abandon();
      folder.discard();
    },
  });
  try {
    if (!saves && !counts && interval !== "off") {
      saves = RunSaves.open(folder.path);
      await saves.refuseUnfinished();
    }
    const fitted = await fitInput(values, resumed?.machine);
    const { input, data, name, sliced, table, tokenizer, automatic } = fitted;
    // Throws now rather than after hours of training.
    if (values.adapter) adapterFactsOf(input.recipe, input.opened);
    checkCurveOptions(values["learning-curve"], { isFolds: counts !== null, input });
    const other = await otherInput(values, input, data, tokenizer);
    withThresholds(input.task ?? defaultTrainedTask, input.labelNames, asked);
    const limits = maxSteps !== undefined && { maxSteps };
    if (counts) {
      const cross = crossValidationOf(fitted, { ...other, ...limits }, counts, control);
      crossed = cross;
      trains = true;
      const failure = await runFolds(cross, new MetricsFile(folder.metrics), counts.folds * counts.repeats);
      if (failure) console.error(textOf(failure));
      process.exitCode = signals.exitCode ?? (failure ? FAILED : 0);
      if (cross.done.length === 0) {
        process.exitCode ||= FAILED;
        return console.error("No fold is complete; nothing was written.");
      }
      const { adapter, neutralize } = values;
      const { path, complaints } = await saveFolds(cross, folder, { ...fitted, test: input.test }, counts, {
        adapter,
        neutralize,
      });
      for (const line of [...complaints, ...foldLines(cross, path)]) console.error(line);
      if (complaints.length > 0) process.exitCode ||= FAILED;
      return;
    }
    if (!resumed) {
      const whole = withWholePaths(values);
      await saves?.begin({ options: whole, files: await inputFiles(whole), machine: fitted.machine });
    }
    const keeping = { saver: saves?.saver(interval) ?? null, resumed: resumed?.state ?? null };
    const run = await Run.load({ ...input, ...other, ...limits }, control, preparationLine(), keeping);
    trains = true;
    const { failure, unwritten } = await train(run, new MetricsFile(folder.metrics));
    for (const line of adviceLines(input, run.history, failure !== null)) console.error(line);
    if (failure) console.error(textOf(failure));
    process.exitCode = signals.exitCode ?? (failure || unwritten ? FAILED : 0);
    const isQuick = input.recipe.effort === "quick" && run.baseline !== null;
    if (!run.isTrained && !isQuick) {
      process.exitCode ||= FAILED;
      saves?.remove();
      return console.error("No step was made, so there is no trained model; nothing was written.");
    }
    const rows = writtenRows(data.validation);
    const testRows = data.test ? writtenRows(data.test) : null;
    const { adapter, neutralize } = values;
    const isCurved = values["learning-curve"] && run.isTrained && !failure && !curveControl.stops;
    const curve = isCurved
      ? await fitCurve(run, { ...input, ...other, ...limits }, data.train.texts.length, curveControl)
      : null;
    process.exitCode = signals.exitCode ?? process.exitCode;
    const split = splitOf(values, input.recipe, data.summary);
    const { augmented } = data.summary;
    const augmentation = augmented && addedRows(augmented);
    const cellsOf = tableCells(table, data.choice, data.train);
    const told = { sliced, curve, cellsOf, automatic, split, augmentation, dataName: basename(name) };
    const options = { adapter, neutralize, rows, testRows, asked, ...told };
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
    if (signals.exitCode === null) saves?.remove();
    else if (await saves?.keep()) console.error(`To go on with this run: fit --resume ${values.out}`);
  } finally {
    saves?.release();
    folder.discard();
  }
}

function notAlone(out: string): Problem {
  return new Problem({
    found: "--resume was given with other options.",
    expected: "A run goes on with the options that it began with.",
    remedy: `Write fit --resume ${out} alone.`,
  });
}

function nothingToResume(out: string): Problem {
  return new Problem({
    found: `The folder ${out} has no run that can go on.`,
    expected: "The --out of a run that was stopped or cut off was expected.",
    remedy: "Check the path, or start the run again.",
  });
}

function thresholdsOfFolds(): Problem {
  return new Problem({
    found: "Thresholds are asked for a cross-validation.",
    expected: "A run with validation rows was expected.",
    remedy: "Leave out --folds, or give --threshold and --cost to evaluate.",
  });
}

/** The rows as predictions.csv has them. */
function writtenRows(rows: LabelledRows): HeldOutRow[] {
  const pairOf = (row: number) => rows.pairs?.at(row) ?? null;
  return Array.from(rows.texts, (text, row) => ({ line: placeOf(rows, row), text, pair: pairOf(row) }));
}

/** How held-out rows came about, for report.json: from a file, or as a share by a seed or columns. */
function splitOf(
  { valid, test }: { valid?: string | undefined; test?: string | undefined },
  { validationShare: share, testShare, seed }: Recipe,
  { heldOutBy }: DataSummary,
) {
  const ofTest = test === undefined ? testShare > 0 && { testShare } : { testFile: basename(test) };
  return { ...(valid === undefined ? { share, seed, ...heldOutBy } : { file: basename(valid) }), ...ofTest };
}

/** What augmentation added, for report.json: numbers alone. */
const addedRows = ({ copies, rows, leftOut }: AugmentedRows) => ({ copies, rows, leftOut });

/** Trains to the end, or until an error ends it, which is returned as `failure`. */
async function train(run: Run, metrics: MetricsFile): Promise<{ failure: unknown; unwritten: boolean }> {
  const show = progressLine();
  let failure: unknown = null;
  // What a run that goes on reported before.
  for (const event of run.history) {
    metrics.write(event);
    if (event.type === "plan") show(event);
  }
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
