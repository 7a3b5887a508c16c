import { setBackend } from "@tensorflow/tfjs-core";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { inOutline } from "../../../src/gpu/outline.ts";
import { runningGpu } from "../../../src/gpu/running.ts";
import { fastestTile } from "../../../src/ops/linear/choose-tile.ts";
import { linear, linearInputGradient, linearParameterGradient } from "../../../src/ops/linear/linear.ts";
import { measuredDevice } from "../../../src/ops/linear/measured-device.ts";
import { measureTiles, type MeasuredDevice } from "../../../src/ops/linear/measure-tiles.ts";
import { DIRECT, PRODUCTS, TILES, type Tile } from "../../../src/ops/linear/tiles.ts";
import { computeOn, startBackends } from "../backends.ts";
import { expectNear, expectSameBits, randomValues, toCapacity, toTensor } from "../numbers.ts";
import { expectOrder, expectRightProducts } from "./every-tile.ts";

beforeAll(async () => {
  await startBackends();
});

afterEach(() => {
  runningGpu().tileSpeeds = [];
});

describe.each(TILES.map((tile) => [tile.name, tile] as const))("the tile %s", (_, tile) => {
  it("has the right products", async () => {
    await setBackend("webgpu");
    await expectRightProducts(tile);
  });
  if (!tile.name.startsWith("quad")) it("adds up in the order of the inner index", () => expectOrder(tile));
});

describe("a tile in parts", () => {
  const inParts = TILES.find(({ splits }) => splits !== undefined);
  const choose = () => {
    runningGpu().tileSpeeds = PRODUCTS.map((product) => ({
      tile: inParts?.name ?? "",
      product,
      size: "small",
      gflops: 1,
    }));
  };
  const layer = (capacity: number) => {
    const [tokens, inner, columns] = [70, 36, 132];
    const [x, dy] = [randomValues([tokens, inner], 1), randomValues([tokens, columns], 4)];
    const [w, bias] = [toTensor(randomValues([columns, inner], 2)), toTensor(randomValues([columns], 3))];
    const [input, gradient] = [toCapacity(x, capacity), toCapacity(dy, capacity)];
    const gradients = linearParameterGradient(gradient, input, tokens);
    return { y: linear(input, w, bias, tokens), dx: linearInputGradient(gradient, w, tokens), ...gradients };
  };

  it("has a layer's products, whatever room there is for tokens", async () => {
    const expected = await computeOn("cpu", () => layer(70));
    await setBackend("webgpu");
    choose();
    const found = await computeOn("webgpu", () => layer(70));
    for (const [name, values] of Object.entries(expected)) expectNear(found[name], values, 1e-5, name);
    expectSameBits(await computeOn("webgpu", () => layer(75)), found);
  });

  it("goes on from the sums of a weight's rows before, where not all are bound at once", async () => {
    const products = () => {
      const [x, dy] = [toTensor(randomValues([2, 16], 1)), toTensor(randomValues([2, 1000], 4))];
      const [w, bias] = [toTensor(randomValues([1000, 16], 2)), toTensor(randomValues([1000], 3))];
      return { y: linear(x, w, bias, 2), dx: linearInputGradient(dy, w, 2) };
    };
    const expected = await computeOn("cpu", products);
    await setBackend("webgpu");
    choose();
    runningGpu().limitBindings(48_000);
    const found = await computeOn("webgpu", products).finally(() => runningGpu().limitBindings(Infinity));
    for (const [name, values] of Object.entries(expected)) expectNear(found[name], values, 1e-5, name);
  });

  it("has memory for its parts in the plan", async () => {
    await setBackend("webgpu");
    const bytesOf = () =>
      inOutline("webgpu", (outline) => {
        linearParameterGradient(outline.zeros([70, 132]), outline.zeros([70, 36]), 70);
        return Promise.resolve(outline.bytesHeld);
      });
    const before = await bytesOf();
    choose();
    expect((await bytesOf()) - before).toBe(4 * (inParts?.splits ?? NaN) * 132 * 36);
  });
});

/** The running device, on which each product takes 40 ms by the clock that comes with it. */
function timed(): { device: MeasuredDevice; clock: { now: () => number } } {
  const device = measuredDevice(runningGpu());
  let now = 0;
  return {
    clock: { now: () => now },
    device: {
      ...device,
      product(product, sizes) {
        const measured = device.product(product, sizes);
        const record = (tile: Tile, times: number) => {
          now += 40 * times;
          measured.record(tile, times);
        };
        return { ...measured, record };
      },
    },
  };
}

describe("measureTiles", () => {
  it("finds a speed for every product, and leaves out a tile that computes something else", async () => {
    await setBackend("webgpu");
    const text = DIRECT.wgsl as Record<(typeof PRODUCTS)[number], string>;
    const swapped = text.FORWARD.replace("= sum0_0 + a0[0] * b0_0", "= sum0_0 + a1[0] * b0_0");
    expect(swapped).not.toBe(text.FORWARD);
    const wrong: Tile = { ...DIRECT, name: "wrong", wgsl: { ...text, FORWARD: swapped } };
    const { device, clock } = timed();
    const speeds = await measureTiles(device, { tiles: [wrong, DIRECT], clock });
    expect(new Set(speeds.map(({ tile }) => tile))).toEqual(new Set(["quad 32×8", DIRECT.name]));
    expect(new Set(speeds.map(({ product }) => product))).toEqual(new Set(PRODUCTS));
    expect(speeds.every(({ gflops }) => gflops > 0)).toBe(true);
    expect(fastestTile(speeds, "FORWARD", { rows: 100, inner: 100, columns: 100 })).toBe(DIRECT);
  });
});
