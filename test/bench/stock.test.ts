import { fileURLToPath } from "node:url";
import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import {
  parameterShapes,
  randomRows,
  type ModelShape,
  type Rows,
  type Weights,
} from "../../bench/inputs/model-shape.ts";
import { StockTfjsStep } from "../../bench/peers/stock.ts";
import { referenceFile, referenceJson } from "../../src/cli/parity/reference-file.ts";
import { openSafetensors, readTensor } from "../../src/io/safetensors.ts";

interface ReferenceRow {
  input_ids: number[];
  token_type_ids: number[];
  label: number;
}

const tiny = (name: string) => fileURLToPath(new URL(`../reference/tiny/${name}`, import.meta.url));
const shape: ModelShape = {
  layers: 2,
  hidden: 64,
  heads: 2,
  intermediate: 160,
  vocabulary: 997,
  positions: 64,
  types: 2,
  classes: 3,
  layerNormEpsilon: 1e-12,
};
const longest = 48;

const open = async (name: string) => openSafetensors(await referenceFile(tiny(name)));

async function tinyWeights(): Promise<Weights> {
  const file = await open("checkpoint/model.safetensors");
  const weights: Weights = new Map();
  for (const [name, dimensions] of parameterShapes(shape)) {
    expect(file.tensors.get(name)?.shape, name).toEqual(dimensions);
    weights.set(name, { shape: dimensions, values: await readTensor(file, name) });
  }
  return weights;
}

async function tinyBatch(index: number): Promise<Rows> {
  const batches = (await referenceJson(tiny("batches.json"))) as ReferenceRow[][];
  const rows = batches[index] ?? [];
  return {
    ids: rows.map((row) => row.input_ids),
    types: rows.map((row) => row.token_type_ids),
    labels: rows.map((row) => row.label),
  };
}

async function value(scalar: tf.Scalar): Promise<number> {
  const [number = NaN] = await scalar.data();
  scalar.dispose();
  return number;
}

beforeAll(async () => {
  await tf.setBackend("cpu");
});

describe("StockTfjsStep", () => {
  it("has PyTorch's loss of the first batch, however far the rows are padded", async () => {
    const [expected = NaN] = await readTensor(await open("forward.safetensors"), "loss");
    const stock = new StockTfjsStep(shape, await tinyWeights(), 1e-3, 0);
    expect(Math.abs((await value(stock.evaluate(await tinyBatch(0), longest))) - expected)).toBeLessThan(1e-4);
    expect(Math.abs((await value(stock.evaluate(await tinyBatch(0), 64))) - expected)).toBeLessThan(1e-4);
    stock.dispose();
  });

  it("moves every weight by Adam along PyTorch's gradient", async () => {
    const weights = await tinyWeights();
    const rate = 1e-3;
    const stock = new StockTfjsStep(shape, weights, rate, 0);
    await value(stock.step(await tinyBatch(0), longest));
    const gradients = await open("gradients.safetensors");
    for (const [name, before] of weights) {
      const after = await stock.read(name);
      const gradient = await readTensor(gradients, name);
      // Adam's first step is −rate · g / (|g| + ε): told from the sign wherever the gradient stands out of rounding.
      let compared = 0;
      let worst = 0;
      gradient.forEach((g, i) => {
        if (Math.abs(g) < 1e-5) return;
        compared++;
        const moved = (after[i] ?? NaN) - (before.values[i] ?? NaN);
        worst = Math.max(worst, Math.abs(moved + rate * Math.sign(g)));
      });
      expect(worst, name).toBeLessThan(0.02 * rate);
      if (!name.endsWith("key.bias")) expect(compared, name).toBeGreaterThan(0);
    }
    stock.dispose();
  });

  it("learns, with dropout too, and leaves no tensor behind", async () => {
    const small = { ...shape, layers: 1 };
    const weights = new Map([...(await tinyWeights())].filter(([name]) => !name.includes("layer.1.")));
    const stock = new StockTfjsStep(small, weights, 3e-3, 0.1);
    const rows = randomRows([5, 9, 3, 7], small, 1);
    await value(stock.step(rows, 9));
    const held = tf.memory().numTensors;
    const first = await value(stock.evaluate(rows, 9));
    for (let i = 0; i < 15; i++) await value(stock.step(rows, 9));
    expect(tf.memory().numTensors).toBe(held);
    stock.dropout = 0;
    expect(await value(stock.evaluate(rows, 9))).toBeLessThan(0.5 * first);
    stock.dispose();
  });
});
