import { describe, expect, it } from "vitest";
import { inspectRows } from "../../../src/tasks/single-label/row-findings.ts";
import { rowsOf } from "../../data/rows-of.ts";

/** `count` rows of different texts of a class. */
function some(label: number, count: number): [string, number][] {
  return Array.from({ length: count }, (_, row) => [`text ${row} of ${label}`, label]);
}

function found(rows: [string, number][], id: string) {
  return inspectRows(rowsOf(rows)).filter((finding) => finding.id === id);
}

describe("inspectRows", () => {
  it("has nothing to say of sound data", () => {
    expect(inspectRows(rowsOf([...some(0, 20), ...some(1, 30)]))).toEqual([]);
  });

  it("blocks a single class, and no rows at all", () => {
    expect(found(some(0, 20), "one-class")).toMatchObject([{ severity: "blocking" }]);
    expect(found(some(0, 20), "one-class")[0]?.text).toBe('All 20 rows have the same label, "class 0".');
    expect(inspectRows(rowsOf([]))[0]).toMatchObject({ id: "one-class", severity: "blocking" });
  });

  it("counts exact duplicates by text and label", () => {
    const rows: [string, number][] = [
      ...some(0, 10),
      ...some(1, 10),
      ["text 0 of 0", 0],
      ["text 0 of 0", 0],
      ["text 3 of 1", 1],
    ];
    expect(found(rows, "duplicates")).toMatchObject([{ tableRows: [21, 22, 23], severity: "note" }]);
    expect(found(rows, "duplicates")[0]?.text).toMatch(/^3 rows repeat/);
    expect(found(rows, "conflicting-labels")).toEqual([]);
  });

  it("shows the rows of a text that stands under two labels side by side", () => {
    const rows: [string, number][] = [
      ["same", 0],
      ...some(0, 10),
      ["other", 1],
      ...some(1, 10),
      ["same", 1],
      ["other", 0],
    ];
    const [finding] = found(rows, "conflicting-labels");
    expect(finding?.text).toMatch(/^2 texts stand under/);
    expect(finding?.tableRows).toEqual([1, 23, 12, 24]);
    expect(found(rows, "duplicates")).toEqual([]);
  });

  it("names classes with fewer than 8 rows", () => {
    const [finding] = found([...some(0, 8), ...some(1, 7), ...some(2, 30)], "small-class");
    expect(finding?.text).toBe('1 class has fewer than 8 rows: "class 1".');
    expect(finding?.tableRows).toEqual([9, 10, 11, 12, 13, 14, 15]);
  });

  it("knows ids from classes, and then says nothing of their sizes", () => {
    const ids = Array.from({ length: 40 }, (_, row): [string, number] => [`text ${row}`, row]);
    expect(inspectRows(rowsOf(ids)).map((finding) => finding.id)).toEqual(["labels-look-like-ids"]);
    const many = Array.from({ length: 2010 }, (_, row): [string, number] => [`text ${row}`, row % 201]);
    expect(found(many, "labels-look-like-ids")).toHaveLength(1);
    const few = Array.from({ length: 2000 }, (_, row): [string, number] => [`text ${row}`, row % 200]);
    expect(found(few, "labels-look-like-ids")).toEqual([]);
  });

  it("points at a majority over 80 % and at a ratio over 10 to 1", () => {
    expect(found([...some(0, 80), ...some(1, 20)], "imbalance")).toEqual([]);
    const [majority] = found([...some(0, 87), ...some(1, 13)], "imbalance");
    expect(majority?.text).toBe('"class 0" has 87\u202f% of the rows, and 6.7 times as many as "class 1".');
    expect(found([...some(0, 100), ...some(1, 100), ...some(2, 10)], "imbalance")).toEqual([]);
    expect(found([...some(0, 101), ...some(1, 100), ...some(2, 10)], "imbalance")).toHaveLength(1);
  });

  it("shows at most 20 rows", () => {
    const rows = [...some(0, 50), ...some(1, 50)];
    expect(found([...rows, ...rows], "duplicates")[0]?.tableRows).toHaveLength(20);
  });
});
