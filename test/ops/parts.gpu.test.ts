import { setBackend, type Tensor } from "@tensorflow/tfjs-core";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { countDevice, type DeviceCounter } from "../../bench/meters/counting-device.ts";
import { startBackend } from "../../src/gpu/backend.ts";
import { runningGpu } from "../../src/gpu/running.ts";
import { accumulate, copiesOf } from "../../src/ops/accumulate/accumulate.ts";
import { adamw } from "../../src/ops/adamw/adamw.ts";
import { makeMoments } from "../../src/ops/adamw/moments.ts";
import { clamp } from "../../src/ops/clamp/clamp.ts";
import { uploadBatch } from "../../src/ops/device-batch.ts";
import { embeddingGradient, embeddingSum } from "../../src/ops/embedding/embedding.ts";
import { gradientNorm } from "../../src/ops/gradient-norm/gradient-norm.ts";
import { addSquares, pullByImportance } from "../../src/ops/importance/importance.ts";
import { linear, linearInputGradient, linearParameterGradient } from "../../src/ops/linear/linear.ts";
import { PRODUCTS } from "../../src/ops/linear/tiles.ts";
import { TILES } from "../../src/ops/linear/tiles.ts";
import { randomBatch } from "./batches.ts";
import { backendOptions, computeOn } from "./backends.ts";
import { expectSameBits, randomValues, toCapacity, toTensor } from "./numbers.ts";

/** Blocks of the gradient norm are no smaller. */
const LIMIT = 2 ** 16;
let counter: DeviceCounter;

beforeAll(async () => {
  await startBackend("webgpu", {
    ...backendOptions,
    wrapDevice(device) {
      counter = countDevice(device);
      return device;
    },
  });
  await setBackend("webgpu");
});

afterEach(() => {
  runningGpu().limitBindings(Infinity);
  runningGpu().tileSpeeds = [];
});

/** Expects the same bits of whole tensors and of parts that are bound one by one, `times` as many dispatches. */
async function expectSameInParts(compute: () => Record<string, Tensor>, limit: number, more: number): Promise<void> {
  counter.reset();
  const whole = await computeOn("webgpu", compute);
  const dispatches = counter.snapshot().dispatches;
  runningGpu().limitBindings(limit);
  counter.reset();
  const inParts = await computeOn("webgpu", compute);
  expect(counter.snapshot().dispatches - dispatches).toBe(more);
  for (const values of Object.values(whole)) expect(values.some((value) => value !== 0)).toBe(true);
  expectSameBits(inParts, whole);
}

const [words, hidden] = [997, 64];
const table = (seed: number) => toTensor(randomValues([words, hidden], seed));

describe("tables that are bound in parts", () => {
  it("are gathered and scattered to the same bits", async () => {
    const sizes = { word: words, position: 40, type: 2 };
    const compute = () => {
      const batch = uploadBatch(randomBatch([40, 9], sizes, 5), { tokens: 64, rows: 2 }, sizes, "training");
      if (!batch.groupings) throw new Error("A batch for training has groupings.");
      const small = { position: toTensor(randomValues([40, hidden], 2)), type: toTensor(randomValues([2, hidden], 3)) };
      return {
        y: embeddingSum({ word: table(1), ...small }, batch.tokenTable, batch.tokenNumbers, batch.tokens),
        dWord: embeddingGradient(toCapacity(randomValues([49, hidden], 4), 64), batch.groupings.word),
      };
    };
    await expectSameInParts(compute, LIMIT, 2 * 3);
  });

  it("are copied, added up, clamped, squared, pulled, normed and stepped to the same bits", async () => {
    const compute = () => {
      const [sum, clamped, squares, pulled] = [table(1), table(2), table(3), table(4)];
      accumulate(sum, table(5), { keep: 0.9, factor: 0.1 });
      clamp([clamped], 0.3);
      addSquares([{ sum: squares, x: table(6) }], 0.5);
      pullByImportance([{ gradient: pulled, weight: table(7), start: table(8), importance: squares }], 2);
      const { clip, readback } = gradientNorm([pulled, toTensor(randomValues([5], 9)), sum], 0.1);
      const [moments] = makeMoments([words * hidden]);
      if (!moments) throw new Error("There are moments.");
      const rates = { learningRate: 0.1, weightDecay: 0.01, updates: 1 };
      const weight = table(10);
      adamw([{ weight, gradient: pulled, moments, rates }], clip, { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 });
      const [copy] = copiesOf([weight]);
      if (!copy) throw new Error("There is no copy.");
      return { sum, clamped, squares, pulled, readback, weight, copy, ...moments };
    };
    // Six of one dispatch each come in four parts, and the two norms of tables take eight bindings instead of two.
    await expectSameInParts(compute, LIMIT, 6 * 3 + 1);
  });
});

describe("a weight that is bound in parts", () => {
  const kinds = ["quad", "direct", "shared"].map((kind) => TILES.find(({ name }) => name.startsWith(kind))?.name ?? "");
  it.each([...kinds.map((tile) => ({ tile, columns: 1000 })), { tile: "any", columns: 997 }])(
    "has the same products: $columns rows, tile $tile",
    async ({ tile, columns }) => {
      runningGpu().tileSpeeds = PRODUCTS.map((product) => ({ tile, product, size: "large", gflops: 1 }));
      const compute = () => {
        const [x, dy] = [toTensor(randomValues([9, 16], 1)), toTensor(randomValues([9, columns], 4))];
        const [w, bias] = [toTensor(randomValues([columns, 16], 2)), toTensor(randomValues([columns], 3))];
        const [y, dx] = [linear(x, w, bias, 9), linearInputGradient(dy, w, 9)];
        return { y, dx, ...linearParameterGradient(dy, x, 9) };
      };
      await expectSameInParts(compute, 48_000, 3);
    },
  );
});
