import { beforeAll, describe, expect, it } from "vitest";
import type { ExportWeights } from "../../src/export/entries.ts";
import { adapterFactsOf } from "../../src/run/adapter.ts";
import { openModel } from "../../src/run/open-model.ts";
import { Run } from "../../src/run/run.ts";
import { RunControl } from "../../src/train/control.ts";
import type { Recipe } from "../../src/recipe/recipe.ts";
import { checkpointFiles, renamed, tinyTensors, weightFile, type Tensors } from "../model/tiny-checkpoint.ts";
import { useNodeBackend } from "../node-backend.ts";
import { learnableRows } from "../train/learnable-rows.ts";
import { tinyRecipe } from "../train/tiny-run.ts";

beforeAll(async () => {
  await useNodeBackend("wasm");
});

const labelNames = ["LABEL_0", "LABEL_1", "LABEL_2"];
const validation = learnableRows(12, 2);
const lora: Partial<Recipe> = { loraRank: 3, loraAlpha: 6, loraTargets: ["key", "intermediate", "output"] };
const texts = Array.from({ length: 12 }, (_, line) => ({ line, text: "", pair: null }));

/** A run of a few steps, trained to its end. */
async function runOf(changes: Partial<Recipe>, tensors?: Tensors) {
  const opened = await openModel(await checkpointFiles(tensors ?? (await tinyTensors())));
  const recipe = { ...tinyRecipe, learningRate: 5e-3, epochs: 2, evaluationsPerEpoch: 0, ...changes };
  const run = await Run.load({ opened, recipe, labelNames, train: learnableRows(24, 1), validation }, new RunControl());
  const events = [];
  for await (const event of run.events()) events.push(event);
  return { run, events };
}

async function tensorsOf(weights: ExportWeights): Promise<Tensors> {
  const tensors: Tensors = new Map();
  for (const { name, shape } of weights.entries) tensors.set(name, { shape, values: await weights.read(name) });
  return tensors;
}

/** Logits of a folder's weights, opened anew and not trained. */
async function logitsOfFolder(tensors: Tensors): Promise<Float32Array> {
  const opened = await openModel([
    ...(await checkpointFiles(tensors)).filter(({ name }) => name !== "model.safetensors"),
    await weightFile("model.safetensors", tensors),
  ]);
  const run = await Run.load(
    { opened, recipe: tinyRecipe, labelNames, train: validation, validation },
    new RunControl(),
  );
  const logits = await run.logits(validation, "last");
  run.dispose();
  return logits;
}

const largest = (a: Float32Array, b: Float32Array) => Math.max(...a.map((value, i) => Math.abs(value - (b[i] ?? NaN))));
const exported = (run: Run, form: "merged" | "adapter") => run.exportContents("best", "float32", texts, "d.csv", form);

describe("a run with LoRA", () => {
  it("plans to train its matrices and the classifier alone", async () => {
    const { run, events } = await runOf(lora);
    const thin = 2 * (3 * 64 + 64 * 3 + (3 * 64 + 160 * 3) + (3 * 160 + 64 * 3));
    const [plan] = events;
    if (plan?.type !== "plan") throw new Error("There is no plan.");
    expect(plan.trainableParameters).toBe(thin + 3 * 64 + 3);
    let whole = 0;
    for (const { values } of (await tinyTensors()).values()) whole += values.length;
    expect(plan.parameters).toBe(whole + thin);
    run.dispose();
  });

  it.each(["best", "last"] as const)("exports merged weights that predict what it predicts: %s", async (weights) => {
    const { run } = await runOf(lora);
    const own = await run.logits(validation, weights);
    const { weights: merged } = await run.exportContents(weights, "float32", texts, "d.csv");
    const tensors = await tensorsOf(merged);
    const base = await tinyTensors();
    expect([...tensors.keys()].sort()).toEqual([...base.keys()].sort());
    expect(largest(await logitsOfFolder(tensors), own)).toBeLessThan(1e-5);
    const head = ["classifier.weight", "classifier.bias"].map((name) => [name, tensors.get(name)] as const);
    const unmerged: Tensors = new Map([...base, ...head.flatMap(([name, one]) => (one ? [[name, one] as const] : []))]);
    expect(largest(await logitsOfFolder(unmerged), own)).toBeGreaterThan(1e-3);
    run.dispose();
  });

  it("exports an adapter whose matrices make the merged weights", async () => {
    const { run } = await runOf(lora);
    const { weights, adapter, card } = await exported(run, "adapter");
    expect(adapter).toEqual({
      rank: 3,
      alpha: 6,
      dropout: 0,
      targetModules: ["key", "intermediate.dense", "layer.0.output.dense", "layer.1.output.dense"],
      wholeModules: ["classifier"],
    });
    expect(card.name).toMatch(/-adapter$/);
    const [thin, merged] = [await tensorsOf(weights), await tensorsOf((await exported(run, "merged")).weights)];
    expect(thin.size).toBe(2 * 2 * 3 + 2);
    const name = "bert.encoder.layer.1.intermediate.dense";
    const [a, b] = ["A", "B"].map((letter) => thin.get(`base_model.model.${name}.lora_${letter}.weight`)?.values);
    const base = (await tinyTensors()).get(`${name}.weight`)?.values;
    merged.get(`${name}.weight`)?.values.forEach((value, at) => {
      const [row, column] = [Math.floor(at / 64), at % 64];
      let product = 0;
      for (let r = 0; r < 3; r++) product += (b?.[row * 3 + r] ?? NaN) * (a?.[r * 64 + column] ?? NaN);
      if (!(Math.abs((base?.[at] ?? NaN) + 2 * product - value) < 1e-6)) expect.fail(`${value} at ${at}`);
    });
    expect(thin.get("base_model.model.classifier.bias")).toEqual(merged.get("classifier.bias"));
    run.dispose();
  });

  it("saves a pooler that the checkpoint does not have, for it is random", async () => {
    const tensors = renamed(await tinyTensors(), (name) => (name.includes("pooler") ? null : name));
    const { run } = await runOf(lora, tensors);
    const { weights, adapter } = await exported(run, "adapter");
    expect(adapter?.wholeModules).toEqual(["classifier", "pooler"]);
    expect(weights.entries.map(({ name }) => name)).toContain("base_model.model.bert.pooler.dense.weight");
    run.dispose();
  });

  it("has dropout of its own, that of the recipe", async () => {
    const losses = async (loraDropout: number) => {
      const { run, events } = await runOf({ ...lora, loraDropout, epochs: 1 });
      run.dispose();
      return events.flatMap((event) => (event.type === "step" ? [event.loss] : []));
    };
    expect(await losses(0)).not.toEqual(await losses(0.5));
  });
});

describe("a run without an adapter", () => {
  it.each([
    ["no LoRA", {}, "LoRA rank"],
    ["another pooling", { ...lora, pooling: "mean" as const }, "merged weights"],
  ])("says why there is none: %s", async (_, changes, remedy) => {
    const { run } = await runOf({ ...changes, epochs: 1 });
    await expect(exported(run, "adapter")).rejects.toMatchObject({ remedy: expect.stringContaining(remedy) as string });
    expect((await exported(run, "merged")).adapter).toBeNull();
    run.dispose();
  });

  it.each([
    ["random weights", { ...lora, start: "random" as const }],
    ["layers that start anew", { ...lora, reinitializeLayers: 1 }],
  ])("does not start with weights at random that LoRA would never train: %s", async (_, changes) => {
    await expect(runOf({ ...changes, epochs: 1 })).rejects.toThrow("never train");
    const opened = await openModel(await checkpointFiles(await tinyTensors()));
    expect(() => adapterFactsOf({ ...tinyRecipe, ...changes }, opened)).toThrow("merged weights");
  });
});
