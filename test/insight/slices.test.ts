import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRandom } from "../../src/data/random.ts";
import type { Outcomes } from "../../src/metrics/outcomes.ts";
import { estimateOf, wilson, wrongRows } from "../../src/insight/outcomes.ts";
import { benjaminiHochberg, hypergeometricTail } from "../../src/insight/over-represented.ts";
import {
  rowsOfSlice,
  slicedColumns,
  sliceName,
  sliceReport,
  worstSlices,
  type SlicedRows,
  type SliceQuery,
} from "../../src/insight/slices.ts";

describe("the test of over-represented marks", () => {
  // scipy.stats.hypergeom.sf(hits - 1, all, marked, drawn), equal to fisher_exact(alternative="greater").
  it.each([
    [240, 18, 30, 9, 5.1088545124487016e-5],
    [100, 50, 10, 10, 5.934196725858288e-4],
    [5000, 40, 300, 12, 2.135586719796611e-6],
    [1000, 5, 990, 4, 0.9991134664667962],
    [20000, 1500, 900, 120, 3.4026638444557995e-10],
  ])("is scipy's: %i rows, %i marked, %i drawn, %i hits", (all, marked, drawn, hits, p) => {
    expect(hypergeometricTail(all, marked, drawn, hits) / p).toBeCloseTo(1, 8);
  });

  it("falls from 1 as the hits rise, and is the same with marks and draws exchanged", () => {
    const sizes = fc.tuple(fc.integer({ min: 1, max: 300 }), fc.nat(300), fc.nat(300), fc.nat(300));
    fc.assert(
      fc.property(sizes, ([all, a, b, hits]) => {
        const [marked, drawn] = [a % (all + 1), b % (all + 1)];
        const p = hypergeometricTail(all, marked, drawn, hits);
        expect(p).toBeGreaterThanOrEqual(hypergeometricTail(all, marked, drawn, hits + 1));
        expect(p).toBeCloseTo(hypergeometricTail(all, drawn, marked, hits), 9);
        expect(hypergeometricTail(all, marked, drawn, 0)).toBe(1);
      }),
    );
  });

  it("is corrected as scipy.stats.false_discovery_control does", () => {
    const expected = [0.0035, 0.23333333333333336, 0.0525, 0.056, 0.9, 0.0035, 0.0525];
    const found = benjaminiHochberg([0.001, 0.2, 0.03, 0.04, 0.9, 0.0005, 0.03]);
    expected.forEach((value, i) => expect(found[i]).toBeCloseTo(value, 12));
    expect(benjaminiHochberg([])).toEqual([]);
  });
});

it.each([
  [18, 24, 0.55100555994846, 0.8800063377140501],
  [0, 7, 0, 0.35433043506668743],
  [7, 7, 0.6456695649333126, 1],
  [230, 240, 0.9250129960961526, 0.9772125772907518],
])("Wilson's interval of %i of %i is scipy's", (right, rows, low, high) => {
  const found = wilson(right / rows, rows);
  expect(found.low).toBeCloseTo(low, 12);
  expect(found.high).toBeCloseTo(high, 12);
});

/** Rows of a few words; those that `isBad` names come out wrong in four of five cases, others in one of ten. */
function planted(count: number, isBad: (row: PlantedRow) => boolean, seed = 5) {
  const random = createRandom(seed);
  const made = Array.from({ length: count }, (): PlantedRow => {
    const words = Array.from({ length: 3 + Math.floor(9 * random()) }, () => `w${Math.floor(40 * random())}`);
    const region = ["north", "south", "east", "west"][Math.floor(4 * random())] ?? "";
    return { text: words.join(" "), label: random() < 0.4 ? "yes" : "no", region, age: 18 + Math.floor(60 * random()) };
  });
  const values = Float64Array.from(made, (row) => Number(random() > (isBad(row) ? 0.8 : 0.1)));
  return { made, rows: slicedRows(made), outcomes: { kind: "right", values } as Outcomes };
}

interface PlantedRow {
  text: string;
  label: string;
  region: string;
  age: number;
}

const slicedRows = (made: readonly PlantedRow[]): SlicedRows => ({
  rows: made.length,
  textOf: (row) => made[row]?.text ?? "",
  labelsOf: (row) => [made[row]?.label ?? ""],
  columns: [
    { name: "region", cells: made.map(({ region }) => region) },
    { name: "age", cells: made.map(({ age }) => String(age)) },
  ],
});

describe("a slice made bad on purpose is listed first", () => {
  it.each([
    ["a value of a column", ({ region }: PlantedRow) => region === "east", "region is “east”"],
    ["a label", ({ label }: PlantedRow) => label === "yes", "label is “yes”"],
    ["a range of numbers", ({ age }: PlantedRow) => age >= 65, /^age is 6\d to 77$/],
    ["long texts", ({ text }: PlantedRow) => text.split(" ").length >= 10, /^(9|10) to 11 words$/],
  ])("%s", (_, isBad, name) => {
    for (const seed of [1, 2, 3]) {
      const { rows, outcomes } = planted(400, isBad, seed);
      const { slices, overall } = sliceReport(rows, outcomes);
      if (typeof name === "string") expect(slices[0]?.name).toBe(name);
      else expect(slices[0]?.name).toMatch(name);
      expect(slices[0]?.high).toBeLessThan(overall.value);
    }
  });

  it("a word, as the first candidate, with a corrected p-value", () => {
    const { rows, outcomes, made } = planted(600, ({ text }) => text.split(" ").includes("w7"));
    const { candidates, tested } = sliceReport(rows, outcomes);
    const [first] = candidates;
    expect(first?.name).toBe("contains “w7”");
    expect(first?.rows).toBe(made.filter(({ text }) => text.split(" ").includes("w7")).length);
    expect(first?.corrected).toBeLessThan(1e-6);
    expect(first?.corrected).toBeGreaterThanOrEqual(first?.p ?? 1);
    expect(tested).toBeGreaterThan(40);
    expect(candidates.every(({ corrected }) => corrected <= 0.05)).toBe(true);
  });

  it("of numbers too, by mean error and its bootstrap interval", () => {
    const { rows, made } = planted(300, () => false);
    const values = Float64Array.from(made, ({ region }, i) => (region === "west" ? 4 : 1) + (i % 7) / 10);
    const { figure, slices, candidates, overall } = sliceReport(rows, { kind: "error", values });
    expect(figure).toBe("mean absolute error");
    expect([slices[0]?.name, candidates[0]?.name]).toEqual(["region is “west”", "region is “west”"]);
    expect(slices[0]?.low).toBeGreaterThan(overall.high);
    expect(wrongRows({ kind: "error", values }).reduce((a, b) => a + b, 0)).toBe(30);
  });
});

it("says how far a slice is from all other rows, and by which columns slices can be made", () => {
  const { rows, outcomes, made } = planted(200, ({ region }) => region === "east");
  const [first] = worstSlices(rows, outcomes).slices;
  const meanOf = (isIn: (row: PlantedRow) => boolean) => {
    const own = outcomes.values.filter((_, row) => isIn(made[row] ?? { text: "", label: "", region: "", age: 0 }));
    return own.reduce((sum, value) => sum + value / own.length, 0);
  };
  const [own, others] = [meanOf(({ region }) => region === "east"), meanOf(({ region }) => region !== "east")];
  expect(first?.difference).toBeCloseTo(own - others, 12);
  const [all] = worstSlices(rows, outcomes, [{ by: "length", from: 0, to: Infinity }]).slices.filter(
    ({ rows: size }) => size === 200,
  );
  expect(all?.difference).toBeNull();
  expect(slicedColumns(rows)).toEqual([
    { name: "region", values: ["east", "north", "south", "west"], areNumbers: false },
    { name: "age", values: null, areNumbers: true },
  ]);
});

it("lists a condition that is asked for once, though it is a usual one", () => {
  const { rows, outcomes } = planted(100, () => false);
  const { slices } = worstSlices(rows, outcomes, [{ by: "label", label: "yes" }]);
  expect(slices.filter(({ name }) => name === "label is “yes”")).toHaveLength(1);
  expect(sliceName({ by: "range", column: "age", from: -Infinity, to: 30 })).toBe("age is up to 30");
});

it("names no candidate where errors fall by chance, in nineteen of twenty tables", () => {
  const found = Array.from({ length: 20 }, (_, seed) => {
    const { rows, outcomes } = planted(300, () => false, 100 + seed);
    return sliceReport(rows, outcomes).candidates.length;
  });
  expect(found.filter((count) => count > 0).length).toBeLessThanOrEqual(2);
});

describe("conditions on rows", () => {
  const texts = ["Win a FREE prize", "freely given", "Call 0900-123 now", "über free-range", ""];
  const rows: SlicedRows = {
    rows: 5,
    textOf: (row) => texts[row] ?? "",
    labelsOf: (row) => (row === 0 ? ["spam", "money"] : row === 4 ? [] : ["ham"]),
    columns: [{ name: "n", cells: ["1", " 2 ", "", "x", "3"] }],
  };
  it.each<[SliceQuery, number[], string]>([
    [{ by: "contains", word: "free" }, [0], "contains “free”"],
    [{ by: "contains", word: "a free" }, [0], "contains “a free”"],
    [{ by: "matches", expression: "\\d{3}" }, [2], "matches /\\d{3}/"],
    [{ by: "label", label: "money" }, [0], "label is “money”"],
    [{ by: "column", column: "n", value: "2" }, [1], "n is “2”"],
    [{ by: "column", column: "n", value: "" }, [2], "n is empty"],
    [{ by: "column", column: "missing", value: "" }, [], "missing is empty"],
    [{ by: "range", column: "n", from: 2, to: Infinity }, [1, 4], "n is 2 or more"],
    [{ by: "length", from: 0, to: 2 }, [1, 3, 4], "0 to 2 words"],
  ])("%o", (query, places, name) => {
    expect([...rowsOfSlice(query, rows)]).toEqual(places);
    expect(sliceName(query)).toBe(name);
  });

  it("refuse an expression that is none", () => {
    expect(() => rowsOfSlice({ by: "matches", expression: "(" }, rows)).toThrow(SyntaxError);
  });

  it("give an asked slice even where it is small, and none a figure without rows", () => {
    const outcomes: Outcomes = { kind: "right", values: Float64Array.of(1, 0, 1, 1, 0) };
    const { slices } = sliceReport(rows, outcomes, [
      { by: "contains", word: "free" },
      { by: "contains", word: "zzz" },
    ]);
    expect(slices.map(({ name, rows: size }) => [name, size])).toContainEqual(["contains “free”", 1]);
    expect(slices.find(({ rows: size }) => size === 0)?.value).toBeNaN();
    expect(estimateOf(outcomes, Int32Array.of(0, 1)).value).toBe(0.5);
  });
});
