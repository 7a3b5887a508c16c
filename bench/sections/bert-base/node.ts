import { readerOf } from "../../../src/tasks/targets.ts";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { encodeLabelled } from "../../../src/cli/fit-input.ts";
import { openModelFolder } from "../../../src/cli/model-folder.ts";
import { startNodeBackend } from "../../../src/cli/node-backend.ts";
import { writeFolder } from "../../../src/cli/save-run.ts";
import { prepareData } from "../../../src/data/dataset.ts";
import type { EncodedDataset } from "../../../src/data/rows.ts";
import { openTable } from "../../../src/data/table.ts";
import { exportEntries } from "../../../src/export/entries.ts";
import { fileSource } from "../../../src/io/node-file.ts";
import { readTensor } from "../../../src/io/safetensors.ts";
import { loadClassifier, type OpenedModel } from "../../../src/run/open-model.ts";
import { Run } from "../../../src/run/run.ts";
import { score } from "../../../src/run/score.ts";
import { createTokenizer } from "../../../src/tokenize/tokenizer.ts";
import { RunControl } from "../../../src/train/control.ts";
import { recipe, type Files } from "./files.ts";
import { writeCheckpoint } from "../../inputs/checkpoints.ts";
import { countDevice, type DeviceCounter } from "../../meters/counting-device.ts";
import { MemorySampler, type MemoryPeak } from "../../meters/memory-sampler.ts";
import { bertBase } from "../../inputs/model-shape.ts";

/** One stretch of the way, and the most memory in it. */
interface Stretch extends MemoryPeak {
  what: string;
  seconds: number;
  /** Bytes of all buffers of the device. */
  gpu: number;
}

export interface NodePart {
  adapter: string;
  stretches: Stretch[];
  /** Loss of each step. */
  losses: number[];
  secondsPerStep: number;
  /** Largest difference of a validation row's logits before the export and after it was opened again. */
  worstLogit: number;
  /** The same weights in four files with an index were read and found equal. */
  shardedTensors: number;
}

const SHARDS = 4;

/** The way of a run in Node: checkpoint by slices, three steps, export, opened again, same logits; and shards. */
export async function bertBaseInNode(files: Files, log: (line: string) => void): Promise<NodePart> {
  const counters: DeviceCounter[] = [];
  const { adapter } = await startNodeBackend("webgpu", {
    wrapDevice(device) {
      counters.push(countDevice(device));
      return device;
    },
  });
  const sampler = new MemorySampler();
  const stretches: Stretch[] = [];
  const stretch = async <Result>(what: string, work: () => Promise<Result>): Promise<Result> => {
    sampler.take();
    counters[0]?.reset();
    const start = performance.now();
    const result = await work();
    const seconds = (performance.now() - start) / 1000;
    stretches.push({ what, seconds, gpu: counters[0]?.snapshot().peakBytes ?? 0, ...sampler.take() });
    log(JSON.stringify(stretches.at(-1)));
    return result;
  };
  try {
    const opened = await stretch("open", () => openModelFolder(files.model));
    const input = await rowsOf(files.csv, opened);
    const run = await stretch("load", () => Run.load({ opened, recipe, ...input }, new RunControl()));
    await stretch("train three steps, and evaluate", async () => {
      for await (const event of run.events()) if (event.type === "step") log(`step ${event.step}: loss ${event.loss}`);
    });
    const { validation } = input;
    const before = await run.logits(validation, "last");
    await stretch("export", async () => {
      const texts = Array.from(validation.labels, (_, row) => ({ line: row, text: "", pair: null }));
      await writeFolder(files.out, exportEntries(await run.exportContents("last", "float32", texts, "rows.csv")));
    });
    run.dispose();
    const again = await openModelFolder(files.out);
    const model = await stretch("load what was exported", () => loadClassifier(again, input.labelNames));
    const after = await score(model, validation, input.labelNames.length);
    model.dispose();
    const shardedTensors = await stretch("read four shards", () => compareShards(`${files.out}-shards`, opened));
    const steps = run.history.flatMap((event) => (event.type === "step" ? [event] : []));
    const [first, last] = [steps[0]?.trainingMs ?? NaN, steps.at(-1)?.trainingMs ?? NaN];
    return {
      adapter,
      stretches,
      losses: steps.map(({ loss }) => loss),
      secondsPerStep: (last - first) / 1000 / (steps.length - 1),
      worstLogit: Math.max(...before.map((logit, i) => Math.abs(logit - (after[i] ?? NaN)))),
      shardedTensors,
    };
  } finally {
    sampler.stop();
  }
}

async function rowsOf(csv: string, opened: OpenedModel) {
  const table = await openTable(await fileSource(csv));
  const split = { readerOf, share: recipe.validationShare, seed: recipe.seed, validationTable: null };
  const data = prepareData(table, { text: 1, pair: null, label: 0 }, split);
  const tokenizer = createTokenizer(opened.tokenizer);
  const encode = (part: "train" | "validation"): EncodedDataset =>
    encodeLabelled(data[part], recipe.maxLength, tokenizer);
  return { labelNames: data.summary.labelNames, train: encode("train"), validation: encode("validation") };
}

/** Writes the same weights in shards, opens them by their index, and compares tensor by tensor. */
async function compareShards(folder: string, whole: OpenedModel): Promise<number> {
  await writeCheckpoint(folder, bertBase, SHARDS);
  const shards = await openModelFolder(folder);
  let equal = 0;
  for (const name of whole.files.weights.tensors.keys()) {
    const [a, b] = [await readTensor(whole.files.weights, name), await readTensor(shards.files.weights, name)];
    if (a.length !== b.length || a.some((value, i) => value !== b[i]))
      throw new Error(`${name} differs in the shards.`);
    equal++;
  }
  const found = (await readdir(folder)).filter((name) => name.endsWith(".safetensors"));
  if (found.length !== SHARDS) throw new Error(`${join(folder, "")} holds ${found.length} weight files.`);
  await rm(folder, { recursive: true });
  return equal;
}
