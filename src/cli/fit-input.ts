import { createTokenizer } from "../tokenize/tokenizer.ts";
import { encodeLabelled } from "./encode.ts";
import { openModelFolder } from "./model-folder.ts";
import { startLines } from "./model-lines.ts";
import { startNodeBackend } from "./node-backend.ts";
import { fileTuningStore, tuningPath } from "./tuning-store.ts";
import { tuneTiles } from "../run/tune.ts";
import { backendOption, required } from "./options.ts";
import { filledIn, recipeOf } from "./recipe-options.ts";
import { tableOptions } from "./table-options.ts";
import { trainingData } from "./training-data.ts";

/** Options of all commands that train. */
export const fitOptions = {
  model: { type: "string" },
  data: { type: "string" },
  valid: { type: "string" },
  ...tableOptions,
  text: { type: "string" },
  pair: { type: "string" },
  label: { type: "string" },
  task: { type: "string" },
  recipe: { type: "string" },
  preset: { type: "string" },
  set: { type: "string", multiple: true, default: [] as string[] },
  backend: { type: "string", default: "auto" },
  help: { type: "boolean", default: false },
} as const;

interface FitValues extends Record<string, unknown> {
  model?: string | undefined;
  data?: string | undefined;
  valid?: string | undefined;
  text?: string | undefined;
  pair?: string | undefined;
  label?: string | undefined;
  task?: string | undefined;
  recipe?: string | undefined;
  preset?: string | undefined;
  set: string[];
  backend: string;
}

/**
 * Opens and prepares what a command trains with, and starts the backend; findings of the data go to standard error.
 * Throws a Problem for options, files and rows that do not do.
 */
export async function fitInput(values: FitValues) {
  const chosen = await recipeOf(values);
  const opened = await openModelFolder(required(values.model, "--model"));
  const { validationShare: share, seed } = chosen.recipe;
  const { table, data } = await trainingData(values, { share, seed });
  const facts = { hiddenSize: opened.config.hiddenSize, trainRows: data.summary.trainRows };
  const { recipe, lines } = filledIn(chosen, facts);
  for (const line of [...lines, ...startLines(opened, data.summary.labelNames, recipe)]) console.error(line);
  const tokenizer = createTokenizer(opened.tokenizer);
  const train = encodeLabelled(data.train, recipe.maxLength, tokenizer);
  const validation = encodeLabelled(data.validation, recipe.maxLength, tokenizer);
  const info = await startNodeBackend(backendOption(values.backend));
  console.error(`${info.backend} · ${info.adapter}. ${info.reason}`);
  if (info.backend === "webgpu") {
    const onProgress = (done: number, total: number) => {
      console.error(`measuring how this GPU multiplies best: ${done} of ${total}`);
    };
    await tuneTiles(fileTuningStore(tuningPath()), { onProgress });
  }
  const { labelNames } = data.summary;
  return { input: { opened, recipe, labelNames, train, validation }, data, name: table.name, tokenizer };
}
