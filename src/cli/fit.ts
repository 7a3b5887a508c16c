import { createWriteStream } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { once } from "node:events";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { parseArgs } from "node:util";
import { prepareData } from "../data/dataset.ts";
import type { EncodedDataset, LabelledRows } from "../data/rows.ts";
import { openTable } from "../data/table.ts";
import { exportEntries, type ExportEntry } from "../export/entries.ts";
import { fileSource } from "../io/node-file.ts";
import { Problem } from "../problem/problem.ts";
import { explanations } from "../recipe/explanations.ts";
import { defaultRecipe } from "../recipe/recipe.ts";
import { Run } from "../run/run.ts";
import { encodeRows } from "../tokenize/encode-rows.ts";
import { createTokenizer, type Tokenizer } from "../tokenize/tokenizer.ts";
import { RunControl } from "../train/control.ts";
import { chooseColumns } from "./columns.ts";
import { openModelFolder } from "./model-folder.ts";
import { startNodeBackend } from "./node-backend.ts";
import { backendOption, required, stepsOption } from "./options.ts";
import { progressLine } from "./progress.ts";
import { adviceLines } from "./run-advice.ts";
import { recipeOf } from "./recipe-options.ts";

const options = {
  model: { type: "string" },
  data: { type: "string" },
  valid: { type: "string" },
  text: { type: "string" },
  pair: { type: "string" },
  label: { type: "string" },
  recipe: { type: "string" },
  set: { type: "string", multiple: true, default: [] as string[] },
  steps: { type: "string" },
  backend: { type: "string", default: "auto" },
  out: { type: "string" },
  help: { type: "boolean", default: false },
} as const;

const usage = () => `npm run -s tabtune -- fit --model DIR --data FILE --out DIR [options]

Fine-tunes the checkpoint in DIR on a CSV or TSV file. Writes OUT/model/ (a Hugging Face folder with the best
weights), OUT/metrics.jsonl and OUT/report.json. Progress goes to standard error, and advice at the end, a line each;
Ctrl+C stops and keeps the best.

  --model DIR      config.json, model.safetensors (or shards), tokenizer.json; a zip of these works too
  --data FILE      rows to train on; encoding, delimiter, quotes and header are found
  --valid FILE     rows to validate on (else a stratified share of --data)
  --text COL  --pair COL  --label COL    columns by name (else guessed)
  --recipe FILE    a recipe saved by the page or by hand
  --set KEY=VALUE  one field of the recipe; may be repeated
  --steps N        stop after N steps; the schedule ends there too
  --backend B      auto (default), webgpu, wasm or cpu
  --out DIR

Fields of the recipe and their defaults:
${Object.entries(defaultRecipe)
  .map(([key, value]) => `  ${key}=${JSON.stringify(value)}${explanationOf(key)}`)
  .join("\n")}`;

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
  const recipe = await recipeOf(values.recipe, values.set);
  const opened = await openModelFolder(required(values.model, "--model"));
  const table = await openTable(await fileSource(required(values.data, "--data")));
  const validationTable = values.valid === undefined ? null : await openTable(await fileSource(values.valid));
  const split = { share: recipe.validationShare, seed: recipe.seed, validationTable };
  const data = prepareData(table, chooseColumns(table, values), split);
  for (const { severity, text, remedy } of data.summary.findings) {
    if (severity === "blocking") {
      throw new Problem({ found: text, expected: "Rows of at least two classes were expected.", remedy });
    }
    console.error(`${severity}: ${text} ${remedy}`);
  }

  const tokenizer = createTokenizer(opened.tokenizer);
  const train = encode(data.train, recipe.maxLength, tokenizer);
  const validation = encode(data.validation, recipe.maxLength, tokenizer);
  const info = await startNodeBackend(backendOption(values.backend));
  console.error(`${info.backend} · ${info.adapter}. ${info.reason}`);

  const control = new RunControl();
  process.on("SIGINT", () => control.stop());
  const { labelNames } = data.summary;
  const input = { opened, recipe, labelNames, train, validation, ...(maxSteps !== undefined && { maxSteps }) };
  const run = await Run.load(input, control);
  await mkdir(join(out, "model"), { recursive: true });
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

  const rows = data.validation.texts.map((text, i) => ({
    tableRow: data.validation.tableRows[i] ?? 0,
    text,
    pair: data.validation.pairs?.[i] ?? null,
  }));
  const { step, report } = await run.results("best");
  await writeFile(
    join(out, "report.json"),
    `${JSON.stringify({ labelNames, weights: "best", step, ...report }, null, 1)}\n`,
  );
  const contents = await run.exportContents("best", "float32", rows, basename(table.name));
  for await (const entry of exportEntries(contents)) await writeEntry(join(out, "model"), entry);
  console.error(
    `accuracy ${report.accuracy.toFixed(4)}, macro F1 ${report.macro.f1.toFixed(4)} on ${report.rows} rows`,
  );
}

function encode(rows: LabelledRows, maxLength: number, tokenizer: Tokenizer): EncodedDataset {
  return { ...encodeRows(rows.texts, rows.pairs, maxLength, tokenizer), labels: rows.labels };
}

async function writeEntry(folder: string, { name, input }: ExportEntry): Promise<void> {
  const path = join(folder, name);
  if (typeof input === "string" || input instanceof Uint8Array) await writeFile(path, input);
  else await pipeline(Readable.from(input, { objectMode: true }), createWriteStream(path));
}
