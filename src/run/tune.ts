import { array, literal, number, object, picklist, safeParse, string } from "valibot";
import type { Precision, TileSpeed } from "../gpu/device.ts";
import { precisionOn } from "../gpu/precision.ts";
import { runningGpu } from "../gpu/running.ts";
import { usableSpeeds } from "../ops/linear/choose-tile.ts";
import { measureTiles, type MeasureOptions } from "../ops/linear/measure-tiles.ts";
import { measuredDevice } from "../ops/linear/measured-device.ts";
import { PRODUCTS, TILES_OF } from "../ops/linear/tiles.ts";
import type { Recipe } from "../recipe/recipe.ts";

/** Where measured speeds are kept, by the names of adapter and browser. */
export interface TuningStore {
  /** What `write` was given, from whatever version of Tabtune; undefined where there is nothing. */
  read(key: string): Promise<unknown>;
  write(key: string, tuning: unknown): Promise<void>;
}

const namesOf = (precision: Precision) => TILES_OF[precision].map(({ name }) => name).join(", ");

export const tileSpeedSchema = object({
  tile: string(),
  product: picklist(PRODUCTS),
  size: picklist(["small", "large"]),
  gflops: number(),
});

/** Speeds measured with other tiles than there are now are of no use. */
const schemaOf = (precision: Precision) =>
  object({
    tiles: literal(namesOf(precision)),
    speeds: array(tileSpeedSchema),
  });

export type TuneOptions = {
  again?: boolean;
  /** Speeds of an earlier part of the run, whose products go on as they were: nothing is measured. */
  kept?: readonly TileSpeed[] | undefined;
  /** What runs WebGPU, with its version; else what the browser reports about itself. */
  engine?: string;
  /** What a run's recipe asks for: the tiles of mixed precision are measured for runs that take them. */
  precision?: Recipe["precision"];
} & MeasureOptions;

/**
 * Lets the products of the running webgpu device take the tiles that are the fastest on it: as measured before and kept
 * in `store`, else, or with `again`, measured now: some seconds, and on some drivers half a minute for compiling. Where
 * that comes to no certain result, nothing is kept, and the products take the tiles that are safe on such adapters.
 */
export async function tuneTiles(store: TuningStore, options: TuneOptions = {}): Promise<TileSpeed[]> {
  const gpu = runningGpu();
  gpu.tileSpeeds = [];
  const speeds = options.kept ? [...options.kept] : await keptOrMeasured(store, "float32", options);
  if (!options.kept && precisionOn(gpu, options.precision ?? "auto") === "mixed") {
    speeds.push(...(await keptOrMeasured(store, "mixed", options)));
  }
  // Among those that were kept may be tiles of matrices, which were found to be wrong since.
  const usable = usableSpeeds(gpu, speeds);
  gpu.tileSpeeds = usable;
  return usable;
}

/** The speeds of one precision's tiles, by a key of its own. */
async function keptOrMeasured(
  store: TuningStore,
  precision: Precision,
  { again = false, engine = browserVersion(globalThis.navigator), ...measuring }: TuneOptions,
): Promise<TileSpeed[]> {
  const gpu = runningGpu();
  const { vendor, architecture, device, description } = gpu.adapterInfo;
  const ofMixed = precision === "mixed" ? precision : "";
  const key = [vendor, architecture, device, description, gpu.kernels, engine, ofMixed].filter(Boolean).join(" · ");
  const kept = again ? null : safeParse(schemaOf(precision), await store.read(key));
  if (kept?.success) return kept.output.speeds;
  const speeds = await measureTiles(measuredDevice(gpu, precision), measuring);
  if (speeds.length > 0) await store.write(key, { tiles: namesOf(precision), speeds });
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
