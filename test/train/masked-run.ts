import { readFileSync } from "node:fs";
import { RunControl } from "../../src/train/control.ts";
import { pretrain } from "../../src/train/pretraining.ts";
import { learnableRows } from "./learnable-rows.ts";
import { tinyLanguageModel } from "./masked-lm.ts";
import { tinyRecipe } from "./tiny-run.ts";
import { trainedTextTask } from "../../src/tasks/trained-tasks.ts";

const weights = new URL("../reference/tiny/checkpoint/model.safetensors", import.meta.url);
const rates = { hidden: 0.1, attention: 0.1, classifier: 0.1 };
/** Ids below are special; no piece goes on another's word. */
const FIRST_WORD = 8;
const special = new Uint8Array(997).fill(1, 0, FIRST_WORD);
const vocabulary = { maskToken: "[MASK]", maskId: 4, special, continuation: new Uint8Array(997) };

/** One epoch of pretraining on 50 rows, one a step; the steps that it tells of, in order. */
export async function maskedRun(): Promise<number[]> {
  const { model, dispose } = await tinyLanguageModel(new Blob([readFileSync(weights)]));
  const recipe = { ...tinyRecipe, batchSize: 1, pretrainEpochs: 1 };
  const task = trainedTextTask(vocabulary, recipe);
  const data = { task, train: learnableRows(50, 1), heldOut: learnableRows(4, 2), rates };
  const steps: number[] = [];
  for await (const event of pretrain(model, data, recipe, new RunControl())) {
    if (event.type === "pretrainStep") steps.push(event.step);
  }
  dispose();
  return steps;
}
