import { describe, expect, it } from "vitest";
import { rowNames, type RowMap } from "../../../../src/insight/map/row-map.ts";
import { coloringName, coloringOf } from "../../../../src/app/run/map/coloring.ts";
import { classStyle } from "../../../../src/app/run/class-colors.ts";
import { rowMap } from "../../row-map.ts";

const counts = (map: RowMap, by: Parameters<typeof coloringOf>[1], names: readonly string[] = []) =>
  coloringOf(map, by, names).groups.map(({ name, rows }) => [name, rows]);

describe("coloringOf", () => {
  it("gives a class its colour of everywhere, and counts its rows", () => {
    const { groups, groupOf } = coloringOf(rowMap(), "prediction", ["spam", "ham"]);
    expect(groups.map(({ name, rows }) => [name, rows])).toEqual([
      ["ham", 3],
      ["spam", 1],
    ]);
    expect(groups.map(({ color }) => color)).toEqual([classStyle(1).color, classStyle(0).color]);
    expect([...groupOf]).toEqual([0, 0, 1, 0]);
    expect(groups[0]?.said).toBe("predicted ham");
  });

  it("tells right from wrong, and puts losses in parts of as many rows", () => {
    expect(counts(rowMap(), "outcome")).toEqual([
      ["right", 3],
      ["wrong", 1],
    ]);
    expect(counts(rowMap(), "loss").map(([, rows]) => rows)).toEqual([1, 1, 1, 1]);
    const same = { ...rowMap(), losses: Float64Array.of(1, 1, 1, 1) };
    expect(counts(same, "loss")).toEqual([["1.0", 4]]);
  });

  it("joins several labels, and shows the most frequent of many", () => {
    const labels = Array.from({ length: 60 }, (_, i) => (i < 20 ? ["a", "b"] : i < 30 ? [] : [`c${i}`]));
    const map = {
      ...rowMap(),
      labels: rowNames(Int32Array.from(labels.keys()), (row) => labels[row] ?? []),
      several: true,
    };
    const { groups, groupOf } = coloringOf(map, "label", ["a", "b"]);
    expect(groups).toHaveLength(12);
    expect(groups.slice(0, 2).map(({ name, rows }) => [name, rows])).toEqual([
      ["a and b", 20],
      ["none", 10],
    ]);
    expect(groups.at(-1)).toMatchObject({ name: "21 others", rows: 21 });
    expect([...groupOf].filter((group) => group === 11)).toHaveLength(21);
    expect(groups.reduce((sum, { rows }) => sum + rows, 0)).toBe(60);
  });

  it("colours numbers and errors by their size", () => {
    const values = Float64Array.from({ length: 100 }, (_, i) => i);
    const map: RowMap = {
      ...rowMap(),
      numbers: { truth: values, predicted: values.toReversed() },
      outcomes: { kind: "error", values },
    };
    for (const by of ["label", "prediction", "outcome"] as const) {
      expect(counts(map, by).map(([, rows]) => rows)).toEqual([20, 20, 20, 20, 20]);
    }
    expect(counts(map, "label")[1]?.[0]).toBe("over 19 to 39");
    expect(coloringName("outcome", map)).toBe("Absolute error");
  });
});
