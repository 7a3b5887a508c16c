import type { Pooling } from "../../src/model/config.ts";
import { beforeAll, describe, expect, it } from "vitest";
import { exportEntries } from "../../src/export/entries.ts";
import { readTensor } from "../../src/gpu/read-back.ts";
import { bytesSource, type ByteSource } from "../../src/io/byte-source.ts";
import type { Classifier } from "../../src/model/classifier.ts";
import type { Recipe } from "../../src/recipe/recipe.ts";
import { loadClassifier, openModel } from "../../src/run/open-model.ts";
import { Run } from "../../src/run/run.ts";
import { score } from "../../src/run/score.ts";
import { RunControl } from "../../src/train/control.ts";
import { checkpointFiles, tinyTensors } from "../model/tiny-checkpoint.ts";
import { useNodeBackend } from "../node-backend.ts";
import { learnableRows } from "../train/learnable-rows.ts";
import { tinyRecipe } from "../train/tiny-run.ts";

beforeAll(async () => {
  await useNodeBackend("wasm");
});

const labelNames = ["a", "b", "c"];
const [train, validation] = [learnableRows(24, 1), learnableRows(9, 2)];

/** Six steps from a checkpoint; the exported folder's files and the run's own logits. */
async function fitted(files: ByteSource[], pooling: Recipe["pooling"]) {
  const opened = await openModel(files);
  const recipe: Recipe = { ...tinyRecipe, pooling };
  const run = await Run.load({ opened, recipe, labelNames, train, validation }, new RunControl());
  for await (const event of run.events()) if (event.type === "end") expect(event.step).toBe(6);
  const logits = await run.logits(validation, "last");
  const rows = Array.from(validation.labels, (_, i) => ({ line: i + 1, text: "", pair: null }));
  const contents = await run.exportContents("last", "float32", rows, "data.csv");
  const exported: ByteSource[] = [];
  for await (const { name, input } of exportEntries(contents)) {
    const parts: (string | Uint8Array<ArrayBuffer>)[] = [];
    if (typeof input === "string" || input instanceof Uint8Array) parts.push(input);
    else for await (const part of input) parts.push(part);
    exported.push(bytesSource(name, new Uint8Array(await new Blob(parts).arrayBuffer())));
  }
  run.dispose();
  return { exported, logits };
}

const logitsOf = async (model: Classifier) => [...(await score(model, validation, labelNames.length))];

const startWith = (pooling: Pooling, seed: number) =>
  ({ start: "checkpoint", reinitializeLayers: 0, pooling, seed }) as const;

describe("a classifier that reads rows pooled otherwise than transformers'", () => {
  it.each(["cls", "mean", "mean-last-4"] as const)(
    "predicts the same when its folder is opened: %s",
    async (pooling) => {
      const { exported, logits } = await fitted(await checkpointFiles(await tinyTensors()), pooling);
      const opened = await openModel(exported);
      expect(opened.summary).toMatchObject({ labelNames, pooling });
      expect(opened.summary.notes.join(" ")).toContain(`pooled by “${pooling}”`);
      const model = await loadClassifier(opened, labelNames);
      expect(model.parameters.some(({ name }) => name.includes("pooler"))).toBe(false);
      (await logitsOf(model)).forEach((value, i) => expect(value).toBeCloseTo(logits[i] ?? NaN, 5));
      model.dispose();
    },
  );

  it("keeps the checkpoint's pooler in the folder as it was, and needs none", async () => {
    const tensors = await tinyTensors();
    const { exported } = await fitted(await checkpointFiles(tensors), "mean");
    const model = await loadClassifier(await openModel(exported), labelNames, startWith("pooler", 3));
    const pooler = model.parameters.find(({ name }) => name === "bert.pooler.dense.weight");
    if (!pooler) throw new Error("There is no pooler.");
    expect(await readTensor(pooler.value)).toEqual(tensors.get(pooler.name)?.values);
    model.dispose();

    const bare = new Map([...tensors].filter(([name]) => !name.includes("pooler")));
    const without = await fitted(await checkpointFiles(bare), "mean");
    const { summary, files } = await openModel(without.exported);
    expect([...files.weights.tensors.keys()].some((name) => name.includes("pooler"))).toBe(false);
    expect(summary.labelNames).toEqual(labelNames);
  });

  it("starts anew where a run pools in another way, and is kept where it pools in the same", async () => {
    const { exported } = await fitted(await checkpointFiles(await tinyTensors()), "mean");
    const opened = await openModel(exported);
    const classifier = async (seed: number, pooling: Recipe["pooling"]) => {
      const model = await loadClassifier(opened, labelNames, startWith(pooling, seed));
      const weight = model.parameters.find(({ name }) => name === "classifier.weight");
      const values = weight ? [...(await readTensor(weight.value))] : [];
      model.dispose();
      return values;
    };
    expect(await classifier(1, "mean")).toEqual(await classifier(2, "mean"));
    for (const pooling of ["cls", "pooler"] as const) {
      expect(await classifier(1, pooling)).not.toEqual(await classifier(2, pooling));
    }
  });
});
