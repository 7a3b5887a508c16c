import type { GpuDevice } from "../../gpu/gpu-device.ts";
import { isUsable } from "../../ops/linear/choose-tile.ts";
import { PRODUCTS, TILES_OF } from "../../ops/linear/tiles.ts";
import { Problem } from "../../problem/problem.ts";

/**
 * Has the products of a device computed with the tile of this name, those that it can compute, in its precision.
 *
 * @throws Problem where the device has no such tile
 */
export function takeTile(gpu: GpuDevice, name: string): void {
  const usable = Object.values(TILES_OF)
    .flat()
    .filter((tile) => isUsable(gpu, tile));
  if (!usable.some((tile) => tile.name === name)) {
    throw new Problem({
      found: `The tile “${name}” cannot be used here.`,
      expected: `This device has: ${usable.map((tile) => tile.name).join(", ")}.`,
      remedy: "Name one of these, or choose other kernels by --kernels.",
    });
  }
  gpu.tileSpeeds = PRODUCTS.map((product) => ({ tile: name, product, size: "small", gflops: 1 }));
}
