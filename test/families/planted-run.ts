import { fileURLToPath } from "node:url";
import { checkParity, TOLERANCE } from "../../src/cli/parity/check.ts";
import { exportEntries } from "../../src/export/entries.ts";
import { familyLabels } from "../../src/families/registry.ts";
import { bytesSource, type ByteSource } from "../../src/io/byte-source.ts";
import { readTensor } from "../../src/io/safetensors.ts";
import type { Recipe } from "../../src/recipe/recipe.ts";
import { loadClassifier, openModel } from "../../src/run/open-model.ts";
import { Run, type ExportForm } from "../../src/run/run.ts";
import { score } from "../../src/run/score.ts";
import { RunControl } from "../../src/train/control.ts";
import type { TrainEvent } from "../../src/train/events.ts";
import { checkpointFiles, tinyConfig, tinyTensors } from "../model/tiny-checkpoint.ts";
import { smallTokenizer } from "../tokenize/starter-tokenizer.ts";
import { learnableRows } from "../train/learnable-rows.ts";
import { tinyRecipe } from "../train/tiny-run.ts";

const reference = "families/planted";
const labelNames = ["LABEL_0", "LABEL_1", "LABEL_2"];
const WORDS = 97;
const validation = learnableRows(12, 2, 12, WORDS);

export { familyLabels, TOLERANCE };

/** The deviations from PyTorch's numbers on the running backend. */
export const parity = () =>
  checkParity(fileURLToPath(new URL(`../reference/${reference}`, import.meta.url)), () => undefined);

export const storedTensors = () => tinyTensors(reference);

const open = async () => {
  const words = ["[MASK]", ...Array.from({ length: WORDS - 5 }, (_, i) => `w${i}`)];
  const { tokenizerJson: tokenizer } = smallTokenizer(words);
  return openModel(await checkpointFiles(await storedTensors(), { config: tinyConfig({}, reference), tokenizer }));
};

/** A run of a recipe on rows whose class can be learned: its events, its logits, and the folder that it exports. */
export async function fitted(changes: Partial<Recipe>, form: ExportForm = "merged") {
  const recipe: Recipe = {
    ...tinyRecipe,
    maxLength: 40,
    epochs: 1,
    evaluationsPerEpoch: 0,
    hiddenDropout: 0.1,
    classifierDropout: 0.1,
    ...changes,
  };
  const input = { opened: await open(), recipe, labelNames, train: learnableRows(24, 1, 12, WORDS), validation };
  const run = await Run.load(input, new RunControl());
  const events: TrainEvent[] = [];
  for await (const event of run.events()) events.push(event);
  const logits = await run.logits(validation, "last");
  const texts = Array.from({ length: 12 }, (_, line) => ({ line, text: "", pair: null }));
  const contents = await run.exportContents("last", "float32", texts, "d.csv", form);
  const folder: ByteSource[] = [];
  for await (const { name, input: content } of exportEntries(contents)) {
    const parts: (string | Uint8Array<ArrayBuffer>)[] = [];
    if (typeof content === "string" || content instanceof Uint8Array) parts.push(content);
    else for await (const part of content) parts.push(part);
    folder.push(bytesSource(name, new Uint8Array(await new Blob(parts).arrayBuffer())));
  }
  run.dispose();
  return { events, logits, adapter: contents.adapter, entries: contents.weights.entries, folder };
}

/** The logits of an exported folder, and what it says of itself. */
export async function reopened(folder: readonly ByteSource[]) {
  const opened = await openModel(folder);
  const model = await loadClassifier(opened, labelNames);
  const logits = await score(model, validation, labelNames.length);
  model.dispose();
  return { summary: opened.summary, config: opened.files.config, logits };
}

/** Names of an exported folder's tensors that are not as the checkpoint has them, in order. */
export async function movedTensors(folder: readonly ByteSource[]): Promise<string[]> {
  const before = await storedTensors();
  const { weights } = (await openModel(folder)).files;
  const moved: string[] = [];
  for (const name of weights.tensors.keys()) {
    const values = await readTensor(weights, name);
    if (before.get(name)?.values.some((value, i) => value !== values[i]) ?? true) moved.push(name);
  }
  return moved.sort();
}
