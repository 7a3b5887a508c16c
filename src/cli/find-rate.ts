import { parseArgs } from "node:util";
import { rateCurveText } from "../advice/rate-curve-text.ts";
import { findLearningRate } from "../run/find-rate.ts";
import { RunControl } from "../train/control.ts";
import { print } from "./output.ts";
import { StopSignals } from "./stop-signals.ts";
import { fitInput, fitOptions } from "./fit-input.ts";

const usage = () => `npm run -s tabtune -- find-rate --model DIR --data FILE [options]

Tries learning rates from 1e-6 to 0.1 on a copy of the model and prints one JSON object: {"points", "planned", "end",
"start", "steepest", "suggestion"}, each point with its rate, loss and smoothed loss. Progress and the result in words go
to standard error. Ctrl+C, SIGTERM and SIGHUP end the sweep and keep its points (exit codes 130, 143, 129).

Options as in fit: --valid --text --pair --label --task --recipe --preset --set --backend --threads`;

/** `tabtune find-rate`. */
export async function findRate(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: fitOptions });
  if (values.help) return console.error(usage());
  const control = new RunControl();
  let sweeps = false;
  const signals = new StopSignals({
    stop() {
      control.stop();
      return sweeps;
    },
    keeps: "what was measured",
  });
  const { input } = await fitInput(values);
  sweeps = true;
  const curve = await findLearningRate(input, control, (done, total) => {
    if (done % 10 === 0 || done === total) console.error(`${done} of ${total} steps`);
  });
  console.error(rateCurveText(curve));
  await print(`${JSON.stringify(curve)}\n`);
  process.exitCode = signals.exitCode ?? 0;
}
