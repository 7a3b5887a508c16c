import type { Point } from "../../metrics/curves.ts";
import type { Mark } from "./class-colors.ts";
import type { Moment } from "./moment.ts";

/** A point of a line with its moment, in steps and in both times. */
export interface MomentPoint extends Point {
  at: Moment;
}

/** One line of a chart. */
export interface Series {
  /** Unique in its chart. */
  key: string;
  name: string;
  /** Whether the name is that of a class of the data. */
  isClass?: boolean;
  /** Any CSS colour. */
  color: string;
  /** SVG dash pattern, "" for a full line. */
  dash: string;
  /** Drawn at each point, or null for a bare line. */
  mark: Mark | null;
  weight: "faint" | "normal" | "bold";
  axis: "left" | "right";
  points: MomentPoint[];
}

/** Largest number of points that a chart draws of a line; more cannot be told apart at the width of a screen. */
export const drawnPoints = 240;

/** The point nearest to x; undefined where there is none. `points` in order of x. */
export function nearest<P extends Point>(points: readonly P[], x: number): P | undefined {
  let low = 0;
  let high = points.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((points[middle]?.x ?? Infinity) < x) low = middle + 1;
    else high = middle;
  }
  const after = points[low];
  const before = points[low - 1];
  if (!before || !after) return after ?? before;
  return x - before.x <= after.x - x ? before : after;
}

/** The name of a line in a legend, with its axis where there are two. */
export function legendName({ name, axis }: Series, series: readonly Series[]): string {
  return series.some((other) => other.axis !== axis) ? `${name} (${axis})` : name;
}
