import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeLabelled } from "../src/cli/encode.ts";
import { openModelFolder } from "../src/cli/model-folder.ts";
import { prepareData } from "../src/data/dataset.ts";
import { openTable } from "../src/data/table.ts";
import { fileSource } from "../src/io/node-file.ts";
import { defaultRecipe } from "../src/recipe/recipe.ts";
import { Run } from "../src/run/run.ts";
import { createTokenizer } from "../src/tokenize/tokenizer.ts";
import { RunControl } from "../src/train/control.ts";
import { writeCheckpoint } from "./checkpoint-folder.ts";
import { miniLm } from "./minilm-shape.ts";
import { sampleRows } from "./sample-rows.ts";

/** How long a person waits for the first step, part by part, in milliseconds. */
export interface FirstStep {
  rows: number;
  /** CSV to rows. */
  readMs: number;
  /** Labels, findings, training and validation rows. */
  splitMs: number;
  tokenizeMs: number;
  /** From token ids to the first loss that is told: weights, optimizer, the baseline's evaluation. */
  firstStepMs: number;
}

/** Whose step takes no time to speak of. */
const shape = { ...miniLm, layers: 1, hidden: 32, heads: 1, intermediate: 64 };
const TEXT = 1;
const LABEL = 0;

/** From a CSV of so many text messages to the first training step on the backend that is set, as `fit` goes there. */
export async function timeToFirstStep(rows: number): Promise<FirstStep> {
  const folder = await mkdtemp(join(tmpdir(), "tabtune-growth-"));
  try {
    await writeCheckpoint(folder, shape);
    const csv = join(folder, "rows.csv");
    await writeFile(csv, sampleRows(rows));
    const opened = await openModelFolder(folder);
    const recipe = { ...defaultRecipe, epochs: 1 };
    const lap = stopwatch();

    const table = await openTable(await fileSource(csv));
    const readMs = lap();
    const split = { share: recipe.validationShare, seed: recipe.seed, validationTable: null };
    const data = prepareData(table, { text: TEXT, pair: null, label: LABEL }, split);
    const splitMs = lap();
    const tokenizer = createTokenizer(opened.tokenizer);
    const train = encodeLabelled(data.train, recipe.maxLength, tokenizer);
    const validation = encodeLabelled(data.validation, recipe.maxLength, tokenizer);
    const tokenizeMs = lap();
    const { labelNames } = data.summary;
    const run = await Run.load({ opened, recipe, labelNames, train, validation }, new RunControl());
    for await (const event of run.events()) if (event.type === "step") break;
    const firstStepMs = lap();
    run.dispose();
    return { rows, readMs, splitMs, tokenizeMs, firstStepMs };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Milliseconds since the last call. */
function stopwatch(): () => number {
  let last = performance.now();
  return () => {
    const before = last;
    last = performance.now();
    return last - before;
  };
}
