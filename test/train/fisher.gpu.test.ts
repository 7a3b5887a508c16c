import { beforeAll, expect, it } from "vitest";
import { countDevice, type DeviceCounter } from "../../bench/meters/counting-device.ts";
import { startBackend } from "../../src/gpu/backend.ts";
import { readTensor } from "../../src/gpu/read-back.ts";
import { gatherBatch } from "../../src/data/batches.ts";
import { Consolidation } from "../../src/train/consolidation.ts";
import { RunControl } from "../../src/train/control.ts";
import { addToFisher, measureFisher, type Importance } from "../../src/train/fisher.ts";
import { drawnLabels } from "../../src/metrics/softmax.ts";
import { createRandom } from "../../src/data/random.ts";
import type { Classifier } from "../../src/model/classifier.ts";
import { randomClassifier, randomConfig } from "../model/random-model.ts";
import { backendOptions } from "../ops/backends.ts";
import { learnableRows } from "./learnable-rows.ts";
import { plainLoss } from "./plain-loss.ts";

let counter: DeviceCounter;

beforeAll(async () => {
  await startBackend("webgpu", {
    ...backendOptions,
    wrapDevice(device) {
      counter = countDevice(device);
      return device;
    },
  });
});

const capacity = { tokens: 128, rows: 4 };
const data = { ...learnableRows(6, 1, 24), task: "earlier" as const };
const batchOf = (rows: Int32Array) => gatherBatch(data, rows);
const classifier = () => randomClassifier(randomConfig({ num_hidden_layers: 2 }), { earlierClasses: 3 });

/** Importance by labels that are drawn, and the order of the labels. */
async function measured(model: Classifier, ahead: boolean) {
  const loss = plainLoss(3)();
  const random = createRandom(5);
  const labels: number[] = [];
  const labelsOf = (outputs: Float32Array) => {
    const drawn = drawnLabels(outputs, 3, random);
    labels.push(...drawn);
    return drawn;
  };
  const rows = Int32Array.of(4, 1, 5, 0, 2, 3);
  const options = { loss, capacity, share: 1 / rows.length, trains: () => true, labelsOf, ahead };
  const measuring = measureFisher(model, { data, rows, batchOf }, options, new RunControl());
  let step = await measuring.next();
  while (!step.done) step = await measuring.next();
  loss.dispose();
  return { importance: step.value, labels };
}

it("comes to the same with labels drawn ahead as with labels drawn sample by sample", async () => {
  const model = await classifier();
  const [ahead, before] = [await measured(model, true), await measured(model, false)];
  expect(ahead.labels).toEqual(before.labels);
  expect(new Set(before.labels).size).toBeGreaterThan(1);
  // All shared weights and neither classifier.
  expect([...ahead.importance.keys()].length).toBe(model.parameters.length - 4);
  for (const [parameter, sum] of before.importance) {
    const other = ahead.importance.get(parameter);
    if (!other) throw new Error(`There is no importance of ${parameter.name}.`);
    const [expected, found] = [await readTensor(sum), await readTensor(other)];
    const largest = Math.max(...expected);
    expected.forEach((value, i) => {
      if (!(Math.abs((found[i] ?? NaN) - value) <= 1e-4 * largest)) throw new Error(`${parameter.name}, number ${i}`);
    });
  }
  for (const { importance } of [ahead, before]) for (const held of importance.values()) held.dispose();
  model.dispose();
});

it("is added and pulled by in one dispatch for all weights that lie behind one another", async () => {
  const model = await classifier();
  const fisher: Importance = new Map();
  const loss = plainLoss(3)();
  const labelsOf = () => Int32Array.of(1);
  const { importance } = await measured(model, true);
  const options = { loss, capacity, share: 1, trains: () => true, labelsOf };
  await addToFisher(fisher, model, batchOf(Int32Array.of(0)), options);
  const [pull, none] = [new Consolidation(importance, 5), new Consolidation(new Map(), 5)];
  const gradients = new Map([...fisher].map(([parameter, sum]) => [parameter, sum] as const));
  counter.reset();
  none.apply(gradients);
  expect(counter.snapshot().dispatches).toBe(0);
  pull.apply(gradients);
  // The embeddings and matrices, and the biases and LayerNorms: between the two lie the classifiers' matrices.
  expect(counter.snapshot().dispatches).toBeLessThanOrEqual(3);
  pull.dispose();
  loss.dispose();
  for (const held of fisher.values()) held.dispose();
  model.dispose();
});
