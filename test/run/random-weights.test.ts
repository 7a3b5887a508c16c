import { beforeAll, describe, expect, it } from "vitest";
import { readTensor } from "../../src/gpu/read-back.ts";
import type { Recipe } from "../../src/recipe/recipe.ts";
import { loadClassifier, openModel, type OpenedModel } from "../../src/run/open-model.ts";
import { Run } from "../../src/run/run.ts";
import { trainableParameters } from "../../src/train/frozen.ts";
import { RunControl } from "../../src/train/control.ts";
import { PullToStart } from "../../src/train/pull-to-start.ts";
import { deviceTensor } from "../../src/ops/device-tensor.ts";
import type { Gradients } from "../../src/ops/parameter.ts";
import { lowRankOf } from "../../src/run/adapter.ts";
import { thrownBy } from "../io/thrown-by.ts";
import { checkpointFiles, renamed, tinyTensors } from "../model/tiny-checkpoint.ts";
import { useNodeBackend } from "../node-backend.ts";
import { learnableRows } from "../train/learnable-rows.ts";
import { tinyRecipe } from "../train/tiny-run.ts";

let opened: OpenedModel;
let withoutPooler: OpenedModel;
beforeAll(async () => {
  await useNodeBackend("cpu");
  const tensors = await tinyTensors();
  opened = await openModel(await checkpointFiles(tensors));
  withoutPooler = await openModel(
    await checkpointFiles(renamed(tensors, (name) => (/pooler|classifier/.test(name) ? null : name))),
  );
});

async function start(recipe: Partial<Recipe>, model = opened): Promise<void> {
  const data = { train: learnableRows(12, 1), validation: learnableRows(6, 2), labelNames: ["a", "b", "c"] };
  const run = await Run.load({ opened: model, recipe: { ...tinyRecipe, ...recipe }, ...data }, new RunControl());
  run.dispose();
}

describe("weights at random that never train", () => {
  it.each<[string, Partial<Recipe>]>([
    ["re-initialized and frozen", { reinitializeLayers: 1, frozen: ["encoder.layer.1."] }],
    ["all at random, the embeddings frozen", { start: "random", frozen: ["embeddings."] }],
    ["re-initialized beside LoRA", { reinitializeLayers: 1, loraRank: 2 }],
    ["all at random beside LoRA", { start: "random", loraRank: 2 }],
    ["not reached by gradual unfreezing", { start: "random", gradualUnfreezing: true, epochs: 2 }],
  ])("are refused: %s", async (_, recipe) => {
    expect((await thrownBy(start(recipe))).found).toMatch(/start from random numbers and never train/);
  });

  it("are refused where a missing pooler is frozen", async () => {
    expect((await thrownBy(start({ frozen: ["pooler."] }, withoutPooler))).found).toContain("bert.pooler.dense.weight");
  });

  it.each<[string, Partial<Recipe>]>([
    ["re-initialized layers that train", { reinitializeLayers: 1, frozen: ["embeddings.", "encoder.layer.0."] }],
    ["frozen layers of the checkpoint", { frozen: ["encoder.layer.1."] }],
    ["LoRA on the checkpoint", { loraRank: 2 }],
    ["gradual unfreezing of the checkpoint in few epochs", { gradualUnfreezing: true, epochs: 1 }],
    ["gradual unfreezing that reaches the new layer", { gradualUnfreezing: true, epochs: 2, reinitializeLayers: 1 }],
  ])("do not stop other recipes: %s", async (_, recipe) => {
    await start(recipe);
  });
});

describe("an average of LoRA checkpoints", () => {
  it.each(["last", "best"] as const)("is refused: %s", async (average) => {
    expect((await thrownBy(start({ average, loraRank: 2 }))).found).toContain(average);
    await start({ average });
  });

  it.each([0.5, 0.999])("is refused as a moving one: %d", async (ema) => {
    expect((await thrownBy(start({ ema, loraRank: 2 }))).found).toContain(`moving average (ema is ${ema})`);
    await start({ ema });
  });
});

describe("L2-SP that would pull nothing", () => {
  const nothing = /none of those that train came with the checkpoint/;
  it.each<[string, Partial<Recipe>]>([
    ["LoRA", { loraRank: 2 }],
    ["LoRA on the attention's output alone", { loraRank: 1, loraTargets: ["attentionOutput"] }],
    ["all at random", { start: "random" }],
    ["the head alone", { frozen: ["embeddings.", "encoder.", "pooler."] }],
  ])("is refused: %s", async (_, recipe) => {
    expect((await thrownBy(start({ l2sp: 0.1, ...recipe }))).found).toMatch(nothing);
    await start({ l2sp: 0, ...recipe });
  });

  it.each<[string, Partial<Recipe>]>([
    ["all of the checkpoint", {}],
    ["one layer of it", { frozen: ["embeddings.", "encoder.layer.0.", "pooler."] }],
    ["what a re-initialized layer leaves", { reinitializeLayers: 1 }],
  ])("is taken where it pulls something: %s", async (_, recipe) => {
    await start({ l2sp: 0.1, ...recipe });
  });
});

describe("L2-SP", () => {
  /** Names of the parameters whose gradient the pull changes once they have moved from where they started. */
  async function pulled(recipe: Partial<Recipe>): Promise<string[]> {
    const whole = { ...tinyRecipe, ...recipe };
    const model = await loadClassifier(opened, ["a", "b", "c"], whole, undefined, lowRankOf(whole));
    const trainable = trainableParameters(model.parameters, []);
    const pull = new PullToStart(trainable, 1);
    const gradients: Gradients = new Map();
    for (const parameter of trainable) {
      const { size, shape } = parameter.value;
      gradients.set(parameter, deviceTensor(new Float32Array(size), shape));
      const moved = (await readTensor(parameter.value)).map((value) => value + 1);
      parameter.value.dispose();
      parameter.value = deviceTensor(moved, shape);
    }
    pull.apply(gradients);
    const names: string[] = [];
    for (const [{ name }, gradient] of gradients) {
      if ((await readTensor(gradient)).some((value) => value !== 0)) names.push(name);
    }
    pull.dispose();
    model.dispose();
    return names;
  }

  it("pulls what came with the checkpoint below the head, and nothing that starts anew", async () => {
    const all = await pulled({});
    expect(all).toContain("bert.encoder.layer.1.output.dense.weight");
    const some = await pulled({ reinitializeLayers: 1 });
    expect(some).toContain("bert.encoder.layer.0.output.dense.weight");
    expect(some.filter((name) => name.includes("layer.1."))).toEqual([]);
    expect(await pulled({ start: "random" })).toEqual([]);
    expect(await pulled({ loraRank: 2 })).toEqual([]);
  });
});
