import type { MappedPart, RowMap } from "../../../insight/map/row-map.ts";

/** A map with the layouts that were made of it. */
export interface KeptMap {
  map: RowMap;
  pca: Float32Array;
  umap: Float32Array | null;
}

/** Maps by the results that they belong to, so that another tab and back computes nothing again. */
const kept = new WeakMap<object, Map<MappedPart, KeptMap>>();

export function keptMap(results: object, part: MappedPart): KeptMap | null {
  return kept.get(results)?.get(part) ?? null;
}

export function keepMap(results: object, part: MappedPart, map: KeptMap): KeptMap {
  const own = kept.get(results) ?? new Map<MappedPart, KeptMap>();
  own.set(part, map);
  kept.set(results, own);
  return map;
}
