import { beforeAll, describe, it } from "vitest";
import { startBackend } from "../../src/gpu/backend.ts";
import { blobSource } from "../../src/io/byte-source.ts";
import { openSafetensors, readTensor } from "../../src/io/safetensors.ts";
import { Classifier } from "../../src/model/classifier.ts";
import { loadParameters } from "../../src/model/checkpoint.ts";
import { readConfig } from "../../src/families/registry.ts";
import type { Pooling } from "../../src/model/config.ts";
import { defaultRecipe, type Recipe } from "../../src/recipe/recipe.ts";
import { backendOptions } from "../ops/backends.ts";
import json from "../reference/tiny/checkpoint/config.json" with { type: "json" };
import weightsUrl from "../reference/tiny/checkpoint/model.safetensors?url";
import { expectFeatureExtraction } from "./feature-extraction.ts";

beforeAll(async () => {
  await startBackend("webgpu", backendOptions);
});

const recipe: Recipe = { ...defaultRecipe, learningRate: 1e-3, batchSize: 8, epochs: 2, evaluationsPerEpoch: 2 };

async function tinyModel(pooling: Pooling): Promise<Classifier> {
  const file = await openSafetensors(blobSource("model.safetensors", await (await fetch(weightsUrl)).blob()));
  const source = { tensors: file.tensors, read: (name: string) => readTensor(file, name) };
  const config = readConfig(json);
  const { parameters } = await loadParameters(config, source, {
    classes: 3,
    classifierRows: [0, 1, 2],
    seed: 0,
    pooling,
  });
  return new Classifier(config, parameters, pooling);
}

describe("feature extraction on webgpu", () => {
  it.each(["pooler", "mean-last-4"] as const)(
    "gives what training a frozen encoder's head gives, with one run of the encoder a row: %s",
    async (pooling) => {
      await expectFeatureExtraction(() => tinyModel(pooling), recipe);
    },
  );
});
