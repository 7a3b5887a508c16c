import { readerOf } from "../../../src/tasks/targets.ts";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readFileSync } from "node:fs";
import { encodeLabelled } from "../../../src/cli/fit-input.ts";
import { openModelFolder } from "../../../src/cli/model-folder.ts";
import { prepareData } from "../../../src/data/dataset.ts";
import { openTable } from "../../../src/data/table.ts";
import { fileSource } from "../../../src/io/node-file.ts";
import { defaultRecipe } from "../../../src/recipe/recipe.ts";
import { Run } from "../../../src/run/run.ts";
import { createTokenizer } from "../../../src/tokenize/tokenizer.ts";
import { RunControl } from "../../../src/train/control.ts";
import { writeCheckpoint } from "../../inputs/checkpoints.ts";
import { miniLm } from "../../inputs/model-shape.ts";

/** How long a person waits for the first step, part by part, in milliseconds. */
export interface FirstStep {
  rows: number;
  /** CSV to rows. */
  readMs: number;
  /** Labels, findings, training and validation rows. */
  splitMs: number;
  tokenizeMs: number;
  /** From token ids to the first reported loss: weights, optimizer, the baseline's evaluation. */
  firstStepMs: number;
}

/** A model whose step takes almost no time. */
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
    const split = { readerOf, share: recipe.validationShare, seed: recipe.seed, validationTable: null };
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

/**
 * A CSV of this many rows, "label,text": those of the shipped sample, repeated, each time with a number before the
 * texts so that no two are the same.
 */
export function sampleRows(count: number): string {
  const [header = "", ...lines] = recordsOf(readFileSync("public/sample/sms-spam.csv", "utf8"));
  const rows = Array.from({ length: count }, (_, row) => {
    const line = lines[row % lines.length] ?? "";
    const turn = Math.floor(row / lines.length);
    return turn === 0 ? line : line.replace(/^(\w+),("?)/, `$1,$2${turn} `);
  });
  return `${[header, ...rows].join("\n")}\n`;
}

/** Records of a CSV file; a line break within quotes does not end one. */
function recordsOf(text: string): string[] {
  return text.match(/(?:"(?:[^"]|"")*"|[^"\n])+/g) ?? [];
}
