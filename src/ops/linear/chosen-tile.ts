import { isSoftware } from "../../gpu/device.ts";
import { deviceInfo, hasFeature } from "../../gpu/program.ts";
import { isOutline } from "../../gpu/running.ts";
import type { Product, ProductSizes } from "./product.ts";
import { fastestTile, type TileSpeed } from "./tile-speeds.ts";
import { canCompute, DIRECT, TILES, type Tile } from "./tiles.ts";

let speeds: readonly TileSpeed[] = [];

/** From now on the products take the tiles that these speeds, measured on this adapter, make the fastest. */
export function useTileSpeeds(measured: readonly TileSpeed[]): void {
  speeds = measured;
}

/** True where the running device can compile it. */
export function isUsable({ feature }: Tile): boolean {
  return feature === undefined || hasFeature(feature);
}

/** The tile for a product of these sizes: the fastest one measured, or what such adapters usually do best with. */
export function chosenTile(product: Product, sizes: ProductSizes): Tile {
  if (isOutline()) return DIRECT;
  return fastestTile(speeds, product, sizes) ?? unmeasuredTile(product, sizes);
}

/** Quads of threads on software adapters, workgroup memory on GPUs. */
function unmeasuredTile(product: Product, sizes: ProductSizes): Tile {
  const wanted = isSoftware(deviceInfo()) ? "quad" : "shared";
  const usual = (tile: Tile) => tile.name.startsWith(wanted) && isUsable(tile) && canCompute(tile, product, sizes);
  return TILES.find(usual) ?? DIRECT;
}
