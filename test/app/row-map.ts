import type { RowMap } from "../../src/insight/map/row-map.ts";

/** A map of four rows of ham and spam, at the corners of a square; the last one is wrong. */
export function rowMap(): RowMap {
  return {
    places: Int32Array.of(0, 1, 2, 3),
    of: 4,
    components: Float32Array.of(-1, -1, -1, 1, 1, 1, 1, -1),
    width: 2,
    explained: [0.5, 0.25],
    labels: { lists: [["ham"], ["spam"]], of: Int32Array.of(0, 0, 1, 1) },
    predicted: { lists: [["ham"], ["spam"]], of: Int32Array.of(0, 0, 1, 0) },
    several: false,
    numbers: null,
    outcomes: { kind: "right", values: Float64Array.of(1, 1, 1, 0) },
    losses: Float64Array.of(0.1, 0.2, 0.3, 2),
  };
}
