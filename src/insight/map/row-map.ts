import type { Outcomes } from "../../metrics/outcomes.ts";

/** Which rows of a run are mapped. */
export type MappedPart = "validation" | "train";

/** Names of rows: every list of names once, so that those of 20,000 rows are few objects. */
export interface RowNames {
  lists: (readonly string[])[];
  /** The place of each row's list [rows]. */
  of: Int32Array;
}

/** Rows by their vectors, with what the model says of each: plain data, which workers send each other. */
export interface RowMap {
  /** Places of the rows among all of their part, ascending [rows]. */
  places: Int32Array;
  /** Number of rows that the part has. */
  of: number;
  /** Principal components of the vectors, row-major [rows, width]. */
  components: Float32Array;
  width: number;
  /** Parts of the whole variance along the first two components. */
  explained: [number, number];
  /** What each row is labelled with, and what is predicted; no names where they are numbers. */
  labels: RowNames;
  predicted: RowNames;
  /** Whether a row may have any number of names. */
  several: boolean;
  numbers: { truth: Float64Array; predicted: Float64Array } | null;
  outcomes: Outcomes;
  /** [rows] */
  losses: Float64Array;
}

/** The first two principal components of each row [rows · 2]; zeros for what vectors of one dimension lack. */
export function pcaLayout({ components, width }: Pick<RowMap, "components" | "width">): Float32Array {
  const rows = width === 0 ? 0 : components.length / width;
  return Float32Array.from({ length: 2 * rows }, (_, at) => {
    const axis = at % 2;
    return axis < width ? (components[Math.floor(at / 2) * width + axis] ?? 0) : 0;
  });
}

/** The names of rows, by their places. */
export function rowNames(places: Int32Array, namesOf: (place: number) => readonly string[]): RowNames {
  const lists: (readonly string[])[] = [];
  const known = new Map<string, number>();
  const of = places.map((place) => {
    const names = namesOf(place);
    const key = JSON.stringify(names);
    const list = known.get(key) ?? lists.push(names) - 1;
    known.set(key, list);
    return list;
  });
  return { lists, of };
}

/** The names of a row of a map. */
export const namesAt = ({ lists, of }: RowNames, row: number): readonly string[] => lists[of[row] ?? -1] ?? [];
