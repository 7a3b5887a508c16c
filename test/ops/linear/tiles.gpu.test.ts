import { setBackend } from "@tensorflow/tfjs-core";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { runningGpu } from "../../../src/gpu/running.ts";
import { fastestTile, isUsable } from "../../../src/ops/linear/choose-tile.ts";
import { linear, linearInputGradient, linearParameterGradient } from "../../../src/ops/linear/linear.ts";
import { measureTiles } from "../../../src/ops/linear/measure-tiles.ts";
import { DIRECT, PRODUCTS, TILES, type Tile } from "../../../src/ops/linear/tiles.ts";
import { computeOn, startBackends } from "../backends.ts";
import { expectNear, expectSameBits, randomValues, toCapacity, toTensor } from "../numbers.ts";

beforeAll(async () => {
  await startBackends();
});

afterEach(() => {
  runningGpu().tileSpeeds = [];
});

const only = ({ name }: Tile) => {
  runningGpu().tileSpeeds = PRODUCTS.map((product) => ({ tile: name, product, size: "large", gflops: 1 }));
};

const shapes = [
  { tokens: 1, inner: 8, columns: 12 },
  { tokens: 67, inner: 20, columns: 68 },
  { tokens: 130, inner: 36, columns: 132 },
  { tokens: 5, inner: 8, columns: 16 },
  { tokens: 70, inner: 40, columns: 136 },
];

function products({ tokens, inner, columns }: (typeof shapes)[number], capacity: number) {
  const [x, dy] = [randomValues([tokens, inner], 1), randomValues([tokens, columns], 4)];
  const [w, bias] = [toTensor(randomValues([columns, inner], 2)), toTensor(randomValues([columns], 3))];
  const [input, gradient] = [toCapacity(x, capacity), toCapacity(dy, capacity)];
  const { dWeight } = linearParameterGradient(gradient, input, tokens);
  return { y: linear(input, w, bias, tokens), dx: linearInputGradient(gradient, w, tokens), dWeight };
}

describe.each(TILES.map((tile) => [tile.name, tile] as const))("the tile %s", (_, tile) => {
  it.each(shapes)("has the products of the processor: $tokens tokens", async (shape) => {
    const expected = await computeOn("cpu", () => products(shape, shape.tokens));
    await setBackend("webgpu");
    expect(isUsable(runningGpu(), tile)).toBe(true);
    only(tile);
    const computed = await computeOn("webgpu", () => products(shape, shape.tokens));
    for (const [name, values] of Object.entries(expected)) expectNear(computed[name], values, 1e-5, name);
    expectSameBits(await computeOn("webgpu", () => products(shape, shape.tokens + 5)), computed);
  });
});

describe("measureTiles", () => {
  it("finds a speed for every product, and leaves out a tile that computes something else", async () => {
    await setBackend("webgpu");
    const wrong: Tile = {
      ...DIRECT,
      name: "wrong",
      wgsl: DIRECT.wgsl.replace("p0 += bp * a0;", "p0 += bp * a1;"),
    };
    expect(wrong.wgsl).not.toBe(DIRECT.wgsl);
    const progress: number[] = [];
    const speeds = await measureTiles(runningGpu(), {
      tiles: [wrong, DIRECT],
      onProgress: (done) => progress.push(done),
    });
    expect(new Set(speeds.map(({ tile }) => tile))).toEqual(new Set([DIRECT.name]));
    expect(speeds.every(({ gflops }) => gflops > 0)).toBe(true);
    expect(fastestTile(speeds, "FORWARD", { rows: 100, inner: 100, columns: 100 })).toBe(DIRECT);
    expect(progress[0]).toBe(0);
  });
});
