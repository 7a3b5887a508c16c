import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { filledIn, recipeOf } from "../../src/cli/recipe-options.ts";

const facts = {
  model: {
    hiddenSize: 768,
    maxPositions: 512,
    packedTargets: [],
    rates: { base: 3e-5, large: 2e-5, source: "Devlin et al. 2019" },
  },
  data: { trainRows: 640, validationRows: 160, trainCounts: [320, 320], hasPairs: false },
  lengths: { longerThan: [800, 0], rows: 800 },
};
const of = async (options: Partial<Parameters<typeof recipeOf>[0]>) =>
  filledIn(await recipeOf({ set: [], ...options }), facts);

describe("the recipe of the command line", () => {
  it("is automatic where nothing is said, with a line and a reason for each field", async () => {
    const { recipe, lines } = await of({});
    expect(recipe).toMatchObject({ learningRate: 3e-5, epochs: 8 });
    expect(lines).toEqual([
      "learning rate: automatic, 3e-5, because the model's hidden size is 768 (Devlin et al. 2019)",
      "batch size: automatic, 16, because there are 640 training rows",
      "epochs: automatic, 8, because 640 training rows make 40 steps per epoch, and a run should have at least 300 steps",
      "early stopping: automatic, 0, because the epochs end the run",
      "max length: automatic, 64, because 100\u202f% of the rows have at most 64 tokens",
      "warm-up share: automatic, 0.1, because the run has 320 steps",
      "class weights: automatic, none, because the classes have about the same number of rows",
      "evaluations per epoch: automatic, 1, because each scores 160 rows, and an epoch trains on 640 rows",
      "head starts: automatic, probe, because a random head would distort the encoder in the first steps",
    ]);
  });

  it("leaves a field that --set names, and counts steps with the batch size that it names", async () => {
    const epochs = await of({ set: ["epochs=2"] });
    expect(epochs.recipe).toMatchObject({ learningRate: 3e-5, epochs: 2 });
    expect(epochs.lines).toHaveLength(8);
    const rate = await of({ set: ["learningRate=2e-5", "batchSize=64"] });
    expect(rate.recipe).toMatchObject({ learningRate: 2e-5, epochs: 20 });
    expect(rate.lines[0]).toContain("end at 20");
    expect(rate.recipe.automatic).not.toContain("batchSize");
    const both = await of({ set: ["learningRate=2e-5", "epochs=3"] });
    expect(both.lines).toHaveLength(7);
  });

  it("takes a field by the name that it had", async () => {
    const { recipe } = await of({ set: ["rowsPerStep=64"] });
    expect(recipe).toMatchObject({ batchSize: 64, epochs: 20 });
    const lora = await of({ preset: "lora", set: ["rowsPerStep=8"] });
    expect(lora.recipe.batchSize).toBe(8);
    await expect(of({ set: ["rowsPerStep=0.5"] })).rejects.toThrow("“batchSize” is 0.5");
  });

  it("gives LoRA targets that the model has, unless they are set", async () => {
    const packedTargets = ["query" as const, "key" as const, "value" as const];
    const packed = { ...facts, model: { ...facts.model, packedTargets } };
    const options = { recipe: undefined, preset: "lora", set: [] };
    const { recipe, lines } = filledIn(await recipeOf(options), packed);
    expect(recipe.loraTargets).toEqual(["attentionOutput", "intermediate", "output"]);
    expect(lines).toEqual([
      "LoRA targets: automatic, attention output, intermediate and output, because this model has query, key and value in one matrix, beside which there is no LoRA here",
    ]);
    const set = filledIn(await recipeOf({ ...options, set: [`loraTargets=["output"]`] }), packed);
    expect(set).toMatchObject({ recipe: { loraTargets: ["output"] }, lines: [] });
    const bare = filledIn(await recipeOf({ ...options, preset: undefined, set: ["loraRank=4"] }), packed);
    expect(bare.recipe.loraTargets).toEqual(recipe.loraTargets);
  });

  it("takes a preset and a file as they are", async () => {
    const classic = await of({ preset: "classic" });
    expect(classic).toMatchObject({ recipe: { learningRate: 2e-5, epochs: 3 }, lines: [] });
    const lora = await of({ preset: "lora", set: ["batchSize=8"] });
    expect(lora).toMatchObject({ recipe: { learningRate: 5e-4, epochs: 3, loraTargets: ["query", "value"] } });
    expect(lora.lines).toEqual(["LoRA targets: automatic, query and value, because these are the usual targets"]);
    const folder = await mkdtemp(join(tmpdir(), "tabtune-recipe-"));
    const file = join(folder, "recipe.json");
    await writeFile(file, `{"maxLength": 64}`);
    const own = await of({ recipe: file });
    expect(own).toMatchObject({ recipe: { learningRate: 2e-5, epochs: 3, maxLength: 64 }, lines: [] });
    await rm(folder, { recursive: true });
  });
});
