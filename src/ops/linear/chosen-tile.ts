import { isSoftware } from "../../gpu/device.ts";
import { deviceInfo, hasFeature } from "../../gpu/program.ts";
import { fastestTile, type Product, type TileSpeed } from "./tile-speeds.ts";
import { DIRECT, TILES, type Tile } from "./tiles.ts";

let speeds: readonly TileSpeed[] = [];

/** From now on the products take the tiles that these speeds, measured on this adapter, make the fastest. */
export function useTileSpeeds(measured: readonly TileSpeed[]): void {
  speeds = measured;
}

/** True where the running device can compile it. */
export function isUsable({ feature }: Tile): boolean {
  return feature === undefined || hasFeature(feature);
}

/** The tile for a product of this size: the fastest one measured, or what such adapters usually do best with. */
export function chosenTile(product: Product, rows: number, columns: number): Tile {
  return fastestTile(speeds, product, rows, columns) ?? unmeasuredTile();
}

/** Quads of threads on software adapters, workgroup memory on GPUs. */
function unmeasuredTile(): Tile {
  const wanted = isSoftware(deviceInfo()) ? "quad" : "shared";
  return TILES.find((tile) => tile.name.startsWith(wanted) && isUsable(tile)) ?? DIRECT;
}
