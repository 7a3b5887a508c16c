import { array, literal, number, object, picklist, safeParse, string } from "valibot";
import type { TileSpeed } from "../gpu/device.ts";
import { runningGpu } from "../gpu/running.ts";
import { measureTiles } from "../ops/linear/measure-tiles.ts";
import { PRODUCTS, TILES } from "../ops/linear/tiles.ts";

/** Where measured speeds are kept, by the adapter's name. */
export interface TuningStore {
  /** What `write` was given, from whatever version of Tabtune; undefined where there is nothing. */
  read(adapter: string): Promise<unknown>;
  write(adapter: string, tuning: unknown): Promise<void>;
}

/** Speeds measured with other tiles than there are now are of no use. */
const tilesOfNow = TILES.map(({ name }) => name).join(", ");
const schema = object({
  tiles: literal(tilesOfNow),
  speeds: array(
    object({ tile: string(), product: picklist(PRODUCTS), size: picklist(["small", "large"]), gflops: number() }),
  ),
});

/**
 * Lets the products of the running webgpu device take the tiles that are the fastest on it: as measured before and kept
 * in `store`, else, or with `again`, measured now (at most 2 s on hardware, 10 s on a software adapter).
 */
export async function tuneTiles(
  store: TuningStore,
  options: { again?: boolean; onProgress?: (done: number, total: number) => void } = {},
): Promise<TileSpeed[]> {
  const { again = false, onProgress } = options;
  const gpu = runningGpu();
  const { vendor, architecture, device, description } = gpu.adapterInfo;
  const adapter = [vendor, architecture, device, description].filter(Boolean).join(" · ");
  const kept = again ? null : safeParse(schema, await store.read(adapter));
  if (kept?.success) {
    gpu.tileSpeeds = kept.output.speeds;
    return kept.output.speeds;
  }
  const speeds = await measureTiles(gpu, onProgress && { onProgress });
  gpu.tileSpeeds = speeds;
  await store.write(adapter, { tiles: tilesOfNow, speeds });
  return speeds;
}
