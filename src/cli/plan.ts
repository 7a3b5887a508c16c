import { parseArgs } from "node:util";
import { Problem } from "../problem/problem.ts";
import { planRun, type RunPlan } from "../run/plan.ts";
import { RunControl } from "../train/control.ts";
import { fitInput, fitOptions } from "./fit-input.ts";
import { otherInput, otherOptions } from "./other-input.ts";

const usage = () => `npm run -s tabtune -- plan --model DIR --data FILE [options]

Says what a run would take before it is started: memory on the GPU, whether it stays below the limit and what is done
that it does, and the time, from a few steps on a copy of the model. Prints one JSON object: {"memory", "time"}, bytes
and milliseconds; the same in words goes to standard error. A GPU does not tell its memory: the limit is yours to set.

  --memory GB      the recipe's field memoryLimit
  Options as in fit: --valid --text --pair --label --recipe --preset --set --backend, and what else a run takes:
  --text-file --earlier --earlier-valid --earlier-text --earlier-pair --earlier-label --earlier-corpus`;

const amount = (bytes: number) => (bytes >= 1e9 ? `${(bytes / 1e9).toFixed(2)} GB` : `${(bytes / 1e6).toFixed(1)} MB`);

/** `tabtune plan`. */
export async function plan(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { ...fitOptions, ...otherOptions, memory: { type: "string" } } });
  if (values.help) return console.error(usage());
  const set = values.memory === undefined ? values.set : [...values.set, memorySetting(values.memory)];
  const { input, data, tokenizer } = await fitInput({ ...values, set });
  const other = await otherInput(values, input, data, tokenizer);
  const control = new RunControl();
  process.on("SIGINT", () => control.stop());
  const planned = await planRun({ ...input, ...other }, control);
  for (const line of planLines(planned)) console.error(line);
  process.stdout.write(`${JSON.stringify(planned, withoutInfinity)}\n`);
}

function memorySetting(value: string): string {
  if (Number(value) > 0) return `memoryLimit=${value}`;
  throw new Problem({
    found: `--memory is “${value}”.`,
    expected: "GB were expected, a number above 0.",
    remedy: "Correct the option or leave it out.",
  });
}

/** JSON has no Infinity: nothing was cut. */
const withoutInfinity = (_: string, value: unknown) => (value === Infinity ? null : value);

/** The plan in words. */
function planLines({ memory, time }: RunPlan): string[] {
  const { prediction, limit, fits, checkpointing, mostTokens } = memory;
  const { total, ...parts } = prediction;
  const lines = [
    `Memory   ${amount(total)} of ${amount(limit)}${fits ? "" : ": does not fit, not even in its smallest parts"}`,
    ...Object.entries(parts).map(([name, bytes]) => `  ${name.padEnd(12)} ${amount(bytes)}`),
    `Chosen   ${checkpointing ? "gradient checkpointing" : "no checkpointing"}, ${
      mostTokens === Infinity ? "steps as the recipe has them" : `micro-batches of ${mostTokens} tokens at most`
    }`,
  ];
  if (time) {
    const seconds = time.ms / 1000;
    const text = seconds < 120 ? `${seconds.toFixed(1)} s` : `${(seconds / 60).toFixed(1)} min`;
    lines.push(`Time     ${text}: ${time.steps} steps of ${time.msPerStep.toFixed(0)} ms, and the evaluations`);
    if (time.compileMs > 1000)
      lines.push(`         and ${(time.compileMs / 1000).toFixed(0)} s once, to compile kernels`);
  }
  return lines;
}
