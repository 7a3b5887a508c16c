import { array, literal, number, object, picklist, safeParse, string } from "valibot";
import type { TileSpeed } from "../gpu/device.ts";
import { runningGpu } from "../gpu/running.ts";
import { measureTiles, type MeasureOptions } from "../ops/linear/measure-tiles.ts";
import { measuredDevice } from "../ops/linear/measured-device.ts";
import { PRODUCTS, TILES_OF } from "../ops/linear/tiles.ts";

/** Where measured speeds are kept, by the names of adapter and browser. */
export interface TuningStore {
  /** What `write` was given, from whatever version of Tabtune; undefined where there is nothing. */
  read(key: string): Promise<unknown>;
  write(key: string, tuning: unknown): Promise<void>;
}

/** Speeds measured with other tiles than there are now are of no use. */
const tilesOfNow = TILES_OF.float32.map(({ name }) => name).join(", ");
const schema = object({
  tiles: literal(tilesOfNow),
  speeds: array(
    object({ tile: string(), product: picklist(PRODUCTS), size: picklist(["small", "large"]), gflops: number() }),
  ),
});

/**
 * Lets the products of the running webgpu device take the tiles that are the fastest on it: as measured before and kept
 * in `store`, else, or with `again`, measured now: some seconds, and on some drivers half a minute for compiling. Where
 * that comes to no certain result, nothing is kept, and the products take the tiles that are safe on such adapters.
 *
 * @param options.engine what runs WebGPU, with its version; else what the browser reports about itself
 */
export async function tuneTiles(
  store: TuningStore,
  options: { again?: boolean; engine?: string } & MeasureOptions = {},
): Promise<TileSpeed[]> {
  const { again = false, engine = browserVersion(globalThis.navigator), ...measuring } = options;
  const gpu = runningGpu();
  const { vendor, architecture, device, description } = gpu.adapterInfo;
  const key = [vendor, architecture, device, description, gpu.kernels, engine].filter(Boolean).join(" · ");
  const kept = again ? null : safeParse(schema, await store.read(key));
  if (kept?.success) {
    gpu.tileSpeeds = kept.output.speeds;
    return kept.output.speeds;
  }
  gpu.tileSpeeds = [];
  const speeds = await measureTiles(measuredDevice(gpu), measuring);
  gpu.tileSpeeds = speeds;
  if (speeds.length > 0) await store.write(key, { tiles: tilesOfNow, speeds });
  return speeds;
}

/** What a browser reports of its version; its compilers change with it. */
interface Versioned {
  userAgent: string;
  userAgentData?: { brands: readonly { brand: string; version: string }[] };
}

/** E.g. "Chromium 141, Google Chrome 141", or the whole user agent where the browser has no list. */
export function browserVersion({ userAgent, userAgentData }: Versioned): string {
  // One of the brands is made up, and another one at times, so that pages do not rely on the list.
  const brands = userAgentData?.brands.filter(({ brand }) => !/not.*brand/i.test(brand)) ?? [];
  const names = brands.map(({ brand, version }) => `${brand} ${version}`).sort();
  return names.length > 0 ? names.join(", ") : userAgent;
}
