import type { PageSlices } from "../../../workers/protocol.ts";
import { sliceKey } from "../../actions/selection-actions.ts";
import { figureText, percentText } from "../../figures.ts";
import type { NamedSlice } from "../../state.ts";

/** A slice as it is listed. */
type ListedSlice = PageSlices["slices"][number] & {
  /** Whether a person made and keeps it. */
  isOwn: boolean;
};

/** The slices with the names that a person gave them. */
export function listedSlices({ slices }: Pick<PageSlices, "slices">, kept: readonly NamedSlice[]): ListedSlice[] {
  const names = new Map(kept.map(({ name, query }) => [sliceKey(query), name]));
  return slices.map((slice) => {
    const name = names.get(sliceKey(slice.query));
    return { ...slice, name: name ?? slice.name, isOwn: name !== undefined };
  });
}

/** Writes a figure of slices: a share in percent, an error in the units of the data. */
export function figureTextOf(figure: PageSlices["figure"]): (value: number) => string {
  return figure === "accuracy" ? percentText : figureText;
}

/** How far a slice is from all other rows, with its sign. */
export function differenceText(figure: PageSlices["figure"], difference: number | null): string {
  if (difference === null) return "–";
  const size = Math.abs(difference);
  const text = figure === "accuracy" ? `${(100 * size).toFixed(1)} points` : figureText(size);
  return `${difference < 0 ? "−" : "+"}${text}`;
}

/** The list as the lines of a CSV file. */
export function sliceLines({ figure, overall }: PageSlices, listed: readonly ListedSlice[]) {
  const all = { name: "all rows", isOwn: false, difference: null, ...overall };
  return {
    header: ["slice", "rows", figure, "95 % interval: low", "high", "difference to other rows", "own"],
    lines: [...listed, all].map(({ name, rows, value, low, high, difference, isOwn }) => {
      return [name, rows, value, low, high, difference ?? "", isOwn ? "yes" : "no"];
    }),
  };
}
