import { parseArgs } from "node:util";
import { rateCurveText } from "../advice/rate-curve-text.ts";
import { findLearningRate } from "../run/find-rate.ts";
import { RunControl } from "../train/control.ts";
import { fitInput, fitOptions } from "./fit-input.ts";

const usage = () => `npm run -s tabtune -- find-rate --model DIR --data FILE [options]

Tries learning rates from 1e-6 to 0.1 on a copy of the model and prints one JSON object: {"points", "planned", "end",
"start", "steepest", "suggestion"}, each point with its rate, loss and smoothed loss. Progress and the result in words go
to standard error; Ctrl+C ends the sweep with what it has.

Options as in fit: --valid --text --pair --label --task --recipe --preset --set --backend`;

/** `tabtune find-rate`. */
export async function findRate(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: fitOptions });
  if (values.help) return console.error(usage());
  const { input } = await fitInput(values);
  const control = new RunControl();
  process.on("SIGINT", () => control.stop());
  const curve = await findLearningRate(input, control, (done, total) => {
    if (done % 10 === 0 || done === total) console.error(`${done} of ${total} steps`);
  });
  console.error(rateCurveText(curve));
  process.stdout.write(`${JSON.stringify(curve)}\n`);
}
