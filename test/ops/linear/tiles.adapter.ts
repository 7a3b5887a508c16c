import { beforeAll, describe, expect, it } from "vitest";
import { create, globals } from "webgpu";
import { startBackend } from "../../../src/gpu/backend.ts";
import { runningGpu } from "../../../src/gpu/running.ts";
import { TILES, TILES_OF } from "../../../src/ops/linear/tiles.ts";
import { expectHalves, expectOrder, expectRightProducts } from "./every-tile.ts";

beforeAll(async () => {
  Object.assign(globalThis, globals);
  const navigator = { gpu: create(["enable-dawn-features=allow_unsafe_apis"]), userAgent: "node" };
  Object.defineProperty(globalThis, "navigator", { value: navigator, configurable: true });
  const { backend, adapter } = await startBackend("webgpu", { wasmPaths: "", wasmThreads: 1 });
  expect(backend).toBe("webgpu");
  console.error(adapter);
});

const withoutMatrices = [...TILES, ...TILES_OF.mixed].filter(({ matrices }) => matrices === undefined);
describe.each(withoutMatrices.map((tile) => [tile.name, tile] as const))("the tile %s", (_, tile) => {
  it("has the right products", async () => {
    expect((tile.features ?? []).every((feature) => runningGpu().hasFeature(feature))).toBe(true);
    await expectRightProducts(tile);
  });
  if (TILES_OF.mixed.includes(tile)) it("rounds to 16 bits and no further", () => expectHalves(tile));
  if (!tile.name.startsWith("quad")) it("adds up in the order of the inner index", () => expectOrder(tile));
});
