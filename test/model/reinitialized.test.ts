import { beforeAll, describe, expect, it } from "vitest";
import { readTensor } from "../../src/gpu/read-back.ts";
import { loadClassifier, openModel, type StartSettings } from "../../src/run/open-model.ts";
import { useNodeBackend } from "../node-backend.ts";
import { checkpointFiles, tinyTensors, type Tensors } from "./tiny-checkpoint.ts";

let tensors: Tensors;

beforeAll(async () => {
  await useNodeBackend("wasm");
  tensors = await tinyTensors();
});

/** All weights by the name of their first part. */
async function weightsAfter(settings: Partial<StartSettings>) {
  const opened = await openModel(await checkpointFiles(tensors));
  const labelNames = ["LABEL_0", "LABEL_1", "LABEL_2"];
  const model = await loadClassifier(opened, labelNames, {
    start: "checkpoint",
    reinitializeLayers: 0,
    pooling: "pooler",
    seed: 5,
    ...settings,
  });
  const weights = new Map<string, Float32Array>();
  for (const { name, value } of model.parameters) weights.set(name, await readTensor(value));
  model.dispose();
  return weights;
}

/** Names of the weights that are the checkpoint's. */
function kept(weights: Map<string, Float32Array>): string[] {
  const same = ([name, values]: [string, Float32Array]) =>
    tensors.get(name)?.values.every((value, i) => value === values[i]) ?? false;
  return [...weights].filter(same).map(([name]) => name);
}

describe("what starts anew", () => {
  it("is nothing by default", async () => {
    const weights = await weightsAfter({});
    expect(kept(weights)).toEqual([...weights.keys()]);
  });

  it("is the top layers with pooler and classifier, as transformers initializes them", async () => {
    const weights = await weightsAfter({ reinitializeLayers: 1 });
    const names = kept(weights);
    expect(names.some((name) => name.includes("layer.1.") || /pooler|classifier/.test(name))).toBe(false);
    const below = [...weights.keys()].filter((name) => /embeddings|layer\.0\./.test(name));
    expect(names).toEqual(below);

    const values = weights.get("bert.encoder.layer.1.intermediate.dense.weight") ?? new Float32Array();
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
    // The tiny config's initializer_range.
    expect(deviation).toBeCloseTo(0.15, 2);
    expect(new Set(weights.get("bert.encoder.layer.1.output.LayerNorm.weight"))).toEqual(new Set([1]));
    expect(new Set(weights.get("bert.encoder.layer.1.output.LayerNorm.bias"))).toEqual(new Set([0]));
    expect(new Set(weights.get("bert.encoder.layer.1.intermediate.dense.bias"))).toEqual(new Set([0]));
  });

  it("is at most the encoder where more layers are named than there are", async () => {
    const names = kept(await weightsAfter({ reinitializeLayers: 9 }));
    expect(names.every((name) => name.startsWith("bert.embeddings."))).toBe(true);
    expect(names.length).toBeGreaterThan(0);
  });

  it("is all of it for full retraining, the same at the same seed and another at another", async () => {
    const weights = await weightsAfter({ start: "random" });
    expect(kept(weights)).toEqual([]);
    expect(await weightsAfter({ start: "random" })).toEqual(weights);
    expect(await weightsAfter({ start: "random", seed: 6 })).not.toEqual(weights);
  });
});
