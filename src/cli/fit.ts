import { createWriteStream } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { once } from "node:events";
import { parseArgs } from "node:util";
import { exportEntries } from "../export/entries.ts";
import { automaticRules } from "../recipe/automatic.ts";
import { explanations } from "../recipe/explanations.ts";
import { presets } from "../recipe/presets.ts";
import { defaultRecipe } from "../recipe/recipe.ts";
import { adapterFactsOf } from "../run/adapter.ts";
import { Run } from "../run/run.ts";
import { RunControl } from "../train/control.ts";
import { fitInput, fitOptions } from "./fit-input.ts";
import { required, stepsOption } from "./options.ts";
import { otherInput, otherOptions } from "./other-input.ts";
import { progressLine } from "./progress.ts";
import { adviceLines } from "./run-advice.ts";
import { writeFolder } from "./write-folder.ts";

const options = {
  ...fitOptions,
  ...otherOptions,
  steps: { type: "string" },
  out: { type: "string" },
  adapter: { type: "boolean", default: false },
} as const;

const usage = () => `npm run -s tabtune -- fit --model DIR --data FILE --out DIR [options]

Fine-tunes the checkpoint in DIR on a CSV or TSV file. Writes OUT/model/ (a Hugging Face folder with the best
weights), OUT/metrics.jsonl and OUT/report.json. Progress goes to standard error, and advice at the end, a line each;
Ctrl+C stops and keeps the best.

  --model DIR      config.json, model.safetensors (or shards), tokenizer.json; a zip of these works too
  --data FILE      rows to train on; encoding, delimiter, quotes and header are found
  --valid FILE     rows to validate on (else a stratified share of --data)
  --text COL  --pair COL  --label COL    columns by name (else guessed)
  --text-file FILE texts to pretrain on, one a line (else those of --data), where pretrainEpochs is above 0
  --earlier FILE   rows of the task that the checkpoint's own classifier was trained for: they are scored during the
                   run, which shows forgetting, and serve the fields ewc and rehearsal against it
  --earlier-valid FILE    other rows or texts of that task to score (else a share of its file); at most 256 are
  --earlier-text COL  --earlier-pair COL  --earlier-label COL    their columns by name (else guessed)
  --earlier-corpus FILE   instead: plain texts, one a line, of the kind that the checkpoint's language model was trained
                   on; its loss on hidden words is told during the run, and the field ewc holds what it needs
  --recipe FILE    a recipe saved by the page or by hand
  --preset NAME    instead of a file: a way to train, see below
  --set KEY=VALUE  one field of the recipe; may be repeated
  --steps N        stop after N steps; the schedule ends there too
  --backend B      auto (default), webgpu, wasm or cpu
  --out DIR
  --adapter        with LoRA: also write OUT/adapter/, a PEFT folder of LoRA's matrices and the classifier

Presets:
${presets.map(({ name, what }) => `  ${name}\n      ${what}`).join("\n")}

Fields of the recipe and their defaults:
${Object.entries(defaultRecipe)
  .map(([key, value]) => `  ${key}=${defaultOf(key, value)}${explanationOf(key)}`)
  .join("\n")}`;

/** The value of a field that a recipe leaves out, and the rule of one that is automatic without a recipe. */
function defaultOf(key: string, value: unknown): string {
  const rule = Object.entries(automaticRules).find(([field]) => field === key)?.[1];
  const automatic = rule ? ` (without --recipe and --preset automatic: ${rule})` : "";
  return `${JSON.stringify(value)}${automatic}`;
}

function explanationOf(key: string): string {
  const found = Object.entries(explanations).find(([name]) => name === key)?.[1];
  return found ? `\n      ${found.what}` : "";
}

/** `tabtune fit`. */
export async function fit(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options });
  if (values.help) return console.error(usage());
  const out = required(values.out, "--out");
  const maxSteps = stepsOption(values.steps);
  const { input, data, name, tokenizer } = await fitInput(values);
  const { recipe, opened, labelNames } = input;
  // Said now, not after hours of training.
  if (values.adapter) adapterFactsOf(recipe, opened);
  const other = await otherInput(values, input, data, tokenizer);

  const control = new RunControl();
  process.on("SIGINT", () => control.stop());
  const run = await Run.load({ ...input, ...other, ...(maxSteps !== undefined && { maxSteps }) }, control);
  await mkdir(out, { recursive: true });
  const metrics = createWriteStream(join(out, "metrics.jsonl"));
  const show = progressLine();
  let failed = true;
  try {
    for await (const event of run.events()) {
      if (!metrics.write(`${JSON.stringify(event)}\n`)) await once(metrics, "drain");
      show(event);
    }
    failed = false;
  } finally {
    metrics.end();
    await once(metrics, "finish");
    for (const line of adviceLines(input, run.history, failed)) console.error(line);
  }

  const rows = Array.from(data.validation.texts, (text, i) => ({
    tableRow: data.validation.tableRows[i] ?? 0,
    text,
    pair: data.validation.pairs?.at(i) ?? null,
  }));
  const { step, report } = await run.results("best");
  await writeFile(
    join(out, "report.json"),
    `${JSON.stringify({ labelNames, weights: "best", step, ...report }, null, 1)}\n`,
  );
  for (const form of values.adapter ? (["merged", "adapter"] as const) : (["merged"] as const)) {
    const contents = await run.exportContents("best", "float32", rows, basename(name), form);
    await writeFolder(join(out, form === "merged" ? "model" : "adapter"), exportEntries(contents));
  }
  console.error(
    `accuracy ${report.accuracy.toFixed(4)}, macro F1 ${report.macro.f1.toFixed(4)} on ${report.rows} rows`,
  );
}
