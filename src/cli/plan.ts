import { parseArgs } from "node:util";
import { Problem } from "../problem/problem.ts";
import type { MemoryChange } from "../plan/fit-to-memory.ts";
import { planRun, type RunPlan } from "../run/plan.ts";
import { RunControl } from "../train/control.ts";
import { foldCounts, foldOptions } from "./fit-folds.ts";
import { fitInput, fitOptions } from "./fit-input.ts";
import { print } from "./output.ts";
import { StopSignals } from "./stop-signals.ts";
import { otherInput, otherOptions } from "./other-input.ts";

const usage = () => `npm run -s tabtune -- plan --model DIR --data FILE [options]

Estimates memory and time of a run before it starts: the memory on the GPU, how the run is made to fit below the limit,
and the time for the recipe's effort, from a few steps on a copy of the model, baseline and pretraining included. Prints
one JSON object: {"memory", "windows", "time"}, bytes, windows of long texts where there are any, and milliseconds; the
same in words goes to standard error. GPUs do not report their memory: you set the limit.

  --memory GB      the recipe's field memoryLimit
  --folds K  --repeats N    the time of as many runs and the final model, under "folds"
  Options as in fit: --valid --text --pair --label --group --time --task --recipe --preset --set --backend --threads, and for other files:
  --text-file --earlier --earlier-valid --earlier-text --earlier-pair --earlier-label --earlier-corpus`;

const amount = (bytes: number) => (bytes >= 1e9 ? `${(bytes / 1e9).toFixed(2)} GB` : `${(bytes / 1e6).toFixed(1)} MB`);

/** `tabtune plan`. */
export async function plan(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { ...fitOptions, ...otherOptions, ...foldOptions, memory: { type: "string" } },
  });
  if (values.help) return console.error(usage());
  const set = values.memory === undefined ? values.set : [...values.set, memorySetting(values.memory)];
  const counts = foldCounts(values);
  const control = new RunControl();
  let measures = false;
  const signals = new StopSignals({
    stop() {
      control.stop();
      return measures;
    },
    keeps: "the memory, which needs no time",
  });
  const { input, data, tokenizer } = await fitInput({ ...values, set });
  const other = await otherInput(values, input, data, tokenizer);
  measures = true;
  const planned = await planRun({ ...input, ...other }, control);
  for (const line of planLines(planned)) console.error(line);
  const folds = counts && foldTime(counts, planned);
  if (folds?.ms) console.error(`Folds    ${durationText(folds.ms)}: ${folds.runs} folds and the final model, at most`);
  await print(`${JSON.stringify({ ...planned, ...(folds && { folds }) }, withoutInfinity)}\n`);
  process.exitCode = signals.exitCode ?? 0;
}

/** The time of all folds and the final model, which has more rows. */
function foldTime({ folds, repeats }: { folds: number; repeats: number }, { time }: RunPlan) {
  const runs = folds * repeats;
  return { runs, ms: time && (runs + 1) * time.ms };
}

function durationText(ms: number): string {
  return ms < 120_000 ? `${(ms / 1000).toFixed(1)} s` : `${(ms / 60_000).toFixed(1)} min`;
}

function memorySetting(value: string): string {
  if (Number(value) > 0) return `memoryLimit=${value}`;
  throw new Problem({
    found: `--memory is “${value}”.`,
    expected: "GB were expected, a number above 0.",
    remedy: "Correct the option or leave it out.",
  });
}

/** JSON has no Infinity, which stands for steps that are not cut. */
const withoutInfinity = (_: string, value: unknown) => (value === Infinity ? null : value);

const changeTexts: Record<MemoryChange, string> = {
  checkpointing: "gradient checkpointing (checkpointing=auto)",
  frozenEmbeddings: 'frozen embeddings (frozen=["embeddings."])',
  lowRank: "LoRA (loraRank=8)",
};

/** The plan in words. */
function planLines({ memory, windows, time }: RunPlan): string[] {
  const { prediction, limit, fits, checkpointing, mostTokens, offers } = memory;
  const { total, ...parts } = prediction;
  const lines = [
    `Memory   ${amount(total)} of ${amount(limit)}${fits ? "" : ": does not fit, not even in its smallest parts"}`,
    ...Object.entries(parts).map(([name, bytes]) => `  ${name.padEnd(12)} ${amount(bytes)}`),
    `Chosen   ${checkpointing ? "gradient checkpointing" : "no checkpointing"}, ${
      mostTokens === Infinity ? "steps as the recipe has them" : `micro-batches of ${mostTokens} tokens at most`
    }`,
  ];
  for (const { change, total: less } of offers) lines.push(`Fits     with ${changeTexts[change]}: ${amount(less)}`);
  if (windows) lines.push(`Windows  ${windows.train} to train on, ${windows.validation} to validate on`);
  if (time) {
    const text = durationText(time.ms);
    const included = [
      ...(time.probeMs > 0 ? [`${(time.probeMs / 1000).toFixed(1)} s for the baseline`] : []),
      ...(time.pretrainingMs > 0 ? [`pretraining of ${(time.pretrainingMs / 1000).toFixed(1)} s`] : []),
    ];
    const steps = `${time.steps} steps of ${time.msPerStep.toFixed(0)} ms, and the evaluations`;
    const others = included.length > 0 ? `, ${included.join(" and ")} included` : "";
    const what = time.steps === 0 ? "the baseline alone" : `${steps}${others}`;
    lines.push(`Time     ${time.isLimit ? "at most " : ""}${text}: ${what}`);
    if (time.compileMs > 1000)
      lines.push(`         and ${(time.compileMs / 1000).toFixed(0)} s once, to compile kernels`);
  }
  return lines;
}
