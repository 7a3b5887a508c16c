import { regionNames, type MappedRows, type Region } from "../../../insight/data-map.ts";
import { figureText } from "../../figures.ts";
import { niceTicks } from "../../nice-ticks.ts";
import { orderedStyle } from "../class-colors.ts";
import type { Coloring } from "../map/coloring.ts";
import type { MapAxes } from "../map/draw-points.ts";

/** Where rows lie, and the axes: variability to the right, confidence upwards. */
interface DrawnMap {
  /** [rows · 2] */
  layout: Float32Array;
  axes: MapAxes;
}

/** Space left and below for the labels, as a share of the height. */
const LABELS = { left: 0.1, below: 0.08, above: 0.06, right: 0.03 };

/**
 * Lays rows out by variability and confidence.
 *
 * @param rows places of those that are drawn
 * @param ratio width of the plot by its height
 */
export function drawnMap({ confidence, variability }: MappedRows, rows: Int32Array, ratio: number): DrawnMap {
  const most = rows.reduce((so, row) => Math.max(so, variability[row] ?? 0), 0.05);
  const { ticks, text } = niceTicks(0, most);
  const wide = ratio / (ticks.at(-1) ?? most);
  const layout = new Float32Array(2 * rows.length);
  rows.forEach((row, at) => layout.set([(variability[row] ?? 0) * wide, confidence[row] ?? 0], 2 * at));
  const { left, below, above, right } = LABELS;
  return {
    layout,
    axes: {
      frame: Float32Array.of(-left, -below, ratio + right, 1 + above),
      x: { name: "variability", ticks: ticks.map((at) => ({ at: at * wide, text: text(at) })) },
      y: { name: "confidence", ticks: [0, 0.25, 0.5, 0.75, 1].map((at) => ({ at, text: figureText(at) })) },
    },
  };
}

/** Rows in the colours and marks of their regions. */
export function regionColoring(
  { regions }: Pick<MappedRows, "regions">,
  rows: Int32Array,
  counts: Record<Region, number>,
): Coloring {
  return {
    groups: regionNames.map((name, place) => ({
      name,
      said: name,
      rows: counts[name],
      ...orderedStyle(place, regionNames.length),
    })),
    groupOf: Uint8Array.from(rows, (row) => regions[row] ?? 0),
  };
}
