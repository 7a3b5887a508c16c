import { beforeAll, describe, expect, it } from "vitest";
import { startNodeBackend } from "../../../src/cli/node-backend.ts";
import { runningGpu } from "../../../src/gpu/running.ts";
import { isUsable } from "../../../src/ops/linear/choose-tile.ts";
import { measuredDevice } from "../../../src/ops/linear/measured-device.ts";
import { PRODUCTS, TILES_OF } from "../../../src/ops/linear/tiles.ts";
import { expectHalves, expectRightProducts, expectWholeNumbers } from "./every-tile.ts";

beforeAll(async () => {
  const { backend, adapter } = await startNodeBackend("webgpu");
  expect(backend).toBe("webgpu");
  // A software adapter with matrices stands for a GPU here.
  runningGpu().kernels = "gpu";
  console.error(adapter, runningGpu().matrices);
});

const tiles = TILES_OF.mixed.filter(({ matrices }) => matrices !== undefined);

it("runs where subgroups multiply matrices", () => {
  expect(runningGpu().matrices?.components.length).toBeGreaterThan(0);
});

describe.each(tiles.map((tile) => [tile.name, tile] as const))("the tile %s", (_, tile) => {
  const isHere = () => runningGpu().matrices?.components.some((component) => component === tile.matrices) === true;

  it("is offered where subgroups multiply what it has, and nowhere else", () => {
    expect(isUsable(runningGpu(), tile)).toBe(isHere());
  });

  it("is exact on small whole numbers", async () => {
    if (isHere()) await expectWholeNumbers(tile);
  });

  it("has the right products with every epilogue", async () => {
    if (isHere()) await expectRightProducts(tile);
  });

  it("rounds to 16 bits and no further", async () => {
    if (isHere() && tile.matrices === "f16") await expectHalves(tile);
  });

  it("passes the tuner's check", async () => {
    if (!isHere()) return;
    for (const product of PRODUCTS) {
      const measured = measuredDevice(runningGpu(), "mixed").product(product, { rows: 96, inner: 64, columns: 160 });
      expect(await measured.isRight(tile)).toBe(true);
      measured.dispose();
    }
  });
});
