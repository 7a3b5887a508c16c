import { beforeAll, describe, expect, it } from "vitest";
import type { Recipe } from "../../src/recipe/recipe.ts";
import { openModel } from "../../src/run/open-model.ts";
import { Run } from "../../src/run/run.ts";
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

describe("a run whose device was lost", () => {
  it.each<[string, Partial<Recipe>]>([
    ["all weights", {}],
    ["LoRA", { loraRank: 2 }],
    ["frozen layers, kept as they were", { frozen: ["embeddings.", "encoder.layer.0."] }],
    ["new layers from the seed", { reinitializeLayers: 1, seed: 5 }],
  ])("goes on with its best weights on another backend: %s", async (_, changes) => {
    await useNodeBackend("wasm");
    const opened = await openModel(await checkpointFiles(await tinyTensors()));
    const recipe: Recipe = { ...tinyRecipe, epochs: 2, ...changes };
    const run = await Run.load({ opened, recipe, labelNames, train, validation }, new RunControl());
    expect(run.survives).toBe(false);
    for await (const event of run.events()) expect(event.type).not.toBe("failed");
    expect(run.survives).toBe(true);
    const own = await run.logits(validation, "best");
    const step = run.stepOf("best");

    // Nothing of the first backend can be read there.
    await useNodeBackend("cpu");
    const revived = await run.revived();
    for (const weights of ["best", "last"] as const) {
      const logits = await revived.logits(validation, weights);
      logits.forEach((value, i) => expect(value).toBeCloseTo(own[i] ?? NaN, 4));
      expect((await revived.results(weights)).step).toBe(step);
    }
    expect(revived.history).toEqual(run.history);
    const contents = await revived.exportContents("best", "float32", [], "rows.csv");
    const { name = "" } = contents.weights.entries[0] ?? {};
    expect((await contents.weights.read(name)).every(Number.isFinite)).toBe(true);
    revived.dispose();
  });
});
