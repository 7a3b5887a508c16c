import { namesAt, type RowMap } from "./row-map.ts";

/** The columns of a map's lines after the row. */
type MapLine = [
  place: number,
  x: number,
  y: number,
  label: string | number,
  predicted: string | number,
  correct: number | "",
  loss: number,
];

// Seven digits are what a float32 holds.
const sevenDigits = (value = NaN) => Number(value.toPrecision(7));

/**
 * A map as lines of a CSV file: place of the row among all of its part, x, y, label, predicted, correct (1 or 0, empty
 * where labels are numbers) and loss; several names as a JSON list.
 *
 * @param layout [rows · 2]
 */
export function* mapLines(map: RowMap, layout: Float32Array): Generator<MapLine> {
  const { places, numbers, outcomes, losses } = map;
  const named = (names: readonly string[]) => (map.several ? JSON.stringify(names) : (names[0] ?? ""));
  for (const [i, place] of places.entries()) {
    yield [
      place,
      sevenDigits(layout[2 * i]),
      sevenDigits(layout[2 * i + 1]),
      numbers ? sevenDigits(numbers.truth[i]) : named(namesAt(map.labels, i)),
      numbers ? sevenDigits(numbers.predicted[i]) : named(namesAt(map.predicted, i)),
      outcomes.kind === "right" ? (outcomes.values[i] ?? 0) : "",
      sevenDigits(losses[i]),
    ];
  }
}
