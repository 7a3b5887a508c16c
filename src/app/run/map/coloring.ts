import type { RowMap, RowNames } from "../../../insight/map/row-map.ts";
import { listed } from "../../../recipe/wording.ts";
import { columnText, figureText } from "../../figures.ts";
import { classStyle, orderedStyle, outcomeStyles, quietStyle, type PointStyle } from "../class-colors.ts";

/** By what points are coloured. */
export const colorings = ["label", "prediction", "outcome", "loss"] as const;
export type ColorBy = (typeof colorings)[number];

/** Rows that look alike. */
export interface PointGroup extends PointStyle {
  /** In the legend. */
  name: string;
  /** As part of a sentence, where the rows are selected: "label spam". */
  said: string;
  rows: number;
}

/** The groups of a map's rows, and that of each row. */
export interface Coloring {
  groups: PointGroup[];
  /** Place of each row's group [rows]. */
  groupOf: Uint8Array;
}

/** More than that many groups cannot be told apart; the smaller ones are one. */
const MOST_GROUPS = 12;
const PARTS = 5;

/** @param labelNames in the order that decides the colour of a class everywhere */
export function coloringOf(map: RowMap, by: ColorBy, labelNames: readonly string[]): Coloring {
  const { numbers, outcomes, losses } = map;
  if (by === "loss") return byNumber(losses, "loss");
  if (by === "outcome")
    return outcomes.kind === "right" ? byOutcome(outcomes.values) : byNumber(outcomes.values, "error");
  if (numbers) return by === "label" ? byNumber(numbers.truth, "label") : byNumber(numbers.predicted, "predicted");
  const names = by === "label" ? map.labels : map.predicted;
  return byName(names, by === "label" ? "label" : "predicted", map.several ? [] : labelNames);
}

/** The names of a row as one text. */
export const namesText = (names: readonly string[]) => (names.length === 0 ? "none" : listed(names));

/** What a coloring is called where a row's answer is right or wrong, or off by a number. */
export function coloringName(by: ColorBy, { outcomes }: Pick<RowMap, "outcomes">): string {
  if (by !== "outcome") return { label: "Label", prediction: "Prediction", loss: "Loss" }[by];
  return outcomes.kind === "right" ? "Right or wrong" : "Absolute error";
}

function byName({ lists, of }: RowNames, what: string, labelNames: readonly string[]): Coloring {
  const texts = lists.map(namesText);
  const counts = new Map<string, number>(texts.map((text) => [text, 0]));
  const ofList = new Int32Array(lists.length);
  for (const list of of) ofList[list] = (ofList[list] ?? 0) + 1;
  texts.forEach((text, list) => counts.set(text, (counts.get(text) ?? 0) + (ofList[list] ?? 0)));
  const frequent = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const shown = frequent.length > MOST_GROUPS ? frequent.slice(0, MOST_GROUPS - 1) : frequent;
  const ids = new Map(labelNames.map((name, id) => [name, id]));
  const groups = shown.map(([name, rows], rank): PointGroup => {
    const { color, mark } = classStyle(ids.get(name) ?? rank);
    return { name, said: `${what} ${name}`, rows, color, mark };
  });
  const rest = frequent.slice(shown.length);
  if (rest.length > 0) {
    const rows = rest.reduce((sum, [, count]) => sum + count, 0);
    groups.push({ name: `${rest.length} others`, said: `one of ${rest.length} rarer ${what}s`, rows, ...quietStyle });
  }
  const places = new Map(shown.map(([name], place) => [name, place]));
  return { groups, groupOf: Uint8Array.from(of, (list) => places.get(texts[list] ?? "") ?? shown.length) };
}

function byOutcome(right: Float64Array): Coloring {
  const wrong = right.reduce((sum, one) => sum + (one === 1 ? 0 : 1), 0);
  return {
    groups: [
      { name: "right", said: "right", rows: right.length - wrong, ...outcomeStyles.right },
      { name: "wrong", said: "wrong", rows: wrong, ...outcomeStyles.wrong },
    ],
    groupOf: Uint8Array.from(right, (one) => (one === 1 ? 0 : 1)),
  };
}

/** Parts of about as many rows each, by their numbers. */
function byNumber(values: Float64Array, what: string): Coloring {
  const sorted = values.filter(Number.isFinite).sort();
  const ends = new Set<number>();
  for (let part = 1; part <= PARTS; part++) {
    ends.add(sorted[Math.ceil((part * sorted.length) / PARTS) - 1] ?? NaN);
  }
  const tops = [...ends].filter(Number.isFinite);
  const partOf = (value: number) => {
    const part = tops.findIndex((top) => value <= top);
    return part < 0 ? tops.length - 1 : part;
  };
  const groupOf = Uint8Array.from(values, (value) => Math.max(0, partOf(value)));
  const bounds = tops.map((top, part) => [part === 0 ? (sorted[0] ?? NaN) : (tops[part - 1] ?? NaN), top] as const);
  const write = columnText(bounds.flat(), figureText, 2);
  const groups = bounds.map(([low, high], part): PointGroup => {
    const name =
      low === high
        ? write(high)
        : part === 0
          ? `${write(low)} to ${write(high)}`
          : `over ${write(low)} to ${write(high)}`;
    const rows = groupOf.reduce((sum, own) => sum + (own === part ? 1 : 0), 0);
    return { name, said: `${what} ${name}`, rows, ...orderedStyle(part, tops.length) };
  });
  return { groups, groupOf };
}
