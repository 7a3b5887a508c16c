import { Classifier } from "../../src/model/classifier.ts";
import { readConfig } from "../../src/families/registry.ts";
import { loadParameters } from "../../src/model/checkpoint.ts";
import { loadEarlierClassifier } from "../../src/model/earlier-classifier.ts";
import { createLowRank, type LowRankOptions } from "../../src/model/low-rank.ts";
import type { Pooling } from "../../src/model/config.ts";
import { defaultRecipe, type Recipe } from "../../src/recipe/recipe.ts";
import { tinyConfig, tinyTensors } from "../model/tiny-checkpoint.ts";

/** The tiny reference checkpoint, its tensors read from memory. */
async function tinySource() {
  const config = readConfig(JSON.parse(tinyConfig()));
  const tensors = await tinyTensors();
  const source = {
    tensors: new Map([...tensors].map(([name, { shape }]) => [name, { shape, dtype: "F32" }])),
    async read(name: string) {
      const tensor = tensors.get(name);
      if (!tensor) throw new Error(`The tiny checkpoint has no ${name}.`);
      return tensor.values.slice();
    },
  };
  return { config, source };
}

const asItIs = { classes: 3, classifierRows: [0, 1, 2], seed: 0 };

interface TinyOptions {
  pooling?: Pooling;
  lowRank?: LowRankOptions | null;
}

/** The tiny reference checkpoint as a classifier of three classes, on the running backend. */
export async function tinyModel({ pooling = "pooler", lowRank = null }: TinyOptions = {}): Promise<Classifier> {
  const { config, source } = await tinySource();
  const { parameters } = await loadParameters(config, source, { ...asItIs, pooling });
  return new Classifier(config, parameters, pooling, lowRank && createLowRank(config, lowRank));
}

/** The same with its classifier twice: as the new one, and as that of an earlier task. */
export async function tinyModelOfTwoTasks(): Promise<Classifier> {
  const { config, source } = await tinySource();
  const { parameters } = await loadParameters(config, source, asItIs);
  return new Classifier(config, [...parameters, ...(await loadEarlierClassifier(config, source, 3))]);
}

/** A recipe under which the tiny model learns in a few dozen steps. */
export const tinyRecipe: Recipe = {
  ...defaultRecipe,
  learningRate: 1e-3,
  batchSize: 8,
  epochs: 2,
  evaluationsPerEpoch: 2,
  evaluationSample: 16,
  maxLength: 48,
};
