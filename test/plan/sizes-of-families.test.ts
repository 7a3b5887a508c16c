import { describe, expect, it } from "vitest";
import type { ModelConfig } from "../../src/model/config.ts";
import { fitToMemory } from "../../src/plan/fit-to-memory.ts";
import type { PlannedRun } from "../../src/plan/predict-memory.ts";
import { plannedWeights } from "../../src/plan/weights.ts";
import { defaultRecipe, type Recipe } from "../../src/recipe/recipe.ts";
import { loadModels } from "../../src/run/models.ts";
import { defaultTrainedTask } from "../../src/tasks/trained-tasks.ts";
import { randomConfig } from "../model/random-model.ts";
import { listedCheckpoint } from "./listed-checkpoint.ts";

const base = { hidden_size: 768, num_hidden_layers: 12, num_attention_heads: 12, intermediate_size: 3072 };
const likeRoberta = { ...base, max_position_embeddings: 514, type_vocab_size: 1 };
const xlmRoberta = randomConfig({ ...likeRoberta, model_type: "xlm-roberta", vocab_size: 250_002 });
const roberta = randomConfig({ ...likeRoberta, model_type: "roberta", vocab_size: 50_265 });
const albert = randomConfig({ ...base, model_type: "albert", vocab_size: 30_000, max_position_embeddings: 512 });
const electra = randomConfig({
  ...{ model_type: "electra", vocab_size: 30_522, max_position_embeddings: 512 },
  ...{ hidden_size: 256, num_hidden_layers: 12, num_attention_heads: 4, intermediate_size: 1024 },
});

/** Parameters of a classifier of two classes. */
const sizeOf = (config: ModelConfig, changes: Partial<Recipe> = {}) =>
  plannedWeights(config, { ...defaultRecipe, ...changes }, 2).reduce((sum, { size }) => sum + size, 0);

function planOf(config: ModelConfig, changes: Partial<Recipe>, largestBinding?: number) {
  const opened = listedCheckpoint(config, 2);
  const labelNames = ["a", "b"];
  const models = (recipe: Recipe) => loadModels({ opened, recipe, labelNames });
  const recipe = { ...defaultRecipe, ...changes };
  const run: PlannedRun = { device: "webgpu", task: defaultTrainedTask, models, recipe, labelNames };
  const training = { tokens: 1024, rows: 16, places: 0, microBatches: 1 };
  return fitToMemory(
    run,
    { training, pretraining: null, earlier: null, keepsFeatures: true, longest: 64 },
    largestBinding,
  );
}

describe("the sizes of checkpoints that people have", () => {
  // Counted by PyTorch.
  it.each([
    ["xlm-roberta-base", xlmRoberta, 278_045_186],
    ["roberta-base", roberta, 124_647_170],
    ["albert-base-v2", albert, 11_685_122],
    ["electra-small", electra, 13_549_314],
  ])("%s has as many parameters as in transformers", (_, config, count) => {
    expect(sizeOf(config)).toBe(count);
  });

  it("plans a table of 250,002 words, which a shader binds in parts", async () => {
    const whole = await planOf(xlmRoberta, { memoryLimit: 8 });
    expect(whole).toMatchObject({ checkpointing: false, mostTokens: Infinity, fits: true });
    expect(whole.prediction.weights).toBe(4 * sizeOf(xlmRoberta));
    expect(whole.prediction.gradients).toBe(4 * sizeOf(xlmRoberta));
    // WebGPU's least limit: the table has 768 MB.
    expect(await planOf(xlmRoberta, { memoryLimit: 8 }, 2 ** 27)).toEqual(whole);
    const short = await planOf(xlmRoberta, { memoryLimit: 4 });
    expect(short.fits).toBe(false);
    expect(short.offers.map(({ change }) => change)).toEqual(["frozenEmbeddings", "lowRank"]);
  });

  it("counts layers that share their weights once, and what each of them computes", async () => {
    const [shared, own] = [await planOf(albert, { memoryLimit: 8 }), await planOf(roberta, { memoryLimit: 8 })];
    expect(shared.prediction.weights).toBe(4 * sizeOf(albert));
    expect(shared.prediction.activations).toBeGreaterThan(0.9 * own.prediction.activations);
    const lora = { loraRank: 8 };
    expect(sizeOf(albert, lora) - sizeOf(albert)).toBe((sizeOf(roberta, lora) - sizeOf(roberta)) / 12);
  });
});
