import { describe, expect, it } from "vitest";
import { columnsFor, queryOf, type SliceDraft } from "../../../src/app/run/slices/slice-form.ts";
import { differenceText, listedSlices, sliceLines } from "../../../src/app/run/slices/slice-lines.ts";
import type { PageSlices } from "../../../src/workers/protocol.ts";
import { setUp } from "../set-up.ts";

const draft = (change: Partial<SliceDraft>): SliceDraft => {
  return { by: "contains", text: "", column: "", from: "", to: "", ...change };
};

describe("the form of a slice", () => {
  it.each([
    [draft({ text: " free " }), { by: "contains", word: "free" }],
    [draft({ by: "matches", text: "\\d{4}" }), { by: "matches", expression: "\\d{4}" }],
    [draft({ by: "length", from: "10", to: "" }), { by: "length", from: 10, to: Infinity }],
    [
      draft({ by: "range", column: "age", from: "", to: "1,5" }),
      { by: "range", column: "age", from: -Infinity, to: 1.5 },
    ],
    [draft({ by: "label", text: "ham" }), { by: "label", label: "ham" }],
    [draft({ by: "column", column: "region", text: "" }), { by: "column", column: "region", value: "" }],
  ])("makes a condition: %j", (typed, query) => expect(queryOf(typed)).toEqual({ query }));

  it.each([
    [draft({}), /word/],
    [draft({ by: "matches", text: "(" }), /No regular expression/],
    [draft({ by: "length" }), /at least/],
    [draft({ by: "length", from: "9", to: "3" }), /smaller/],
    [draft({ by: "length", from: "ten" }), /numbers/],
    [draft({ by: "range", from: "1" }), /column/],
  ])("says what is missing: %j", (typed, said) => {
    const found = queryOf(typed);
    expect("missing" in found && found.missing).toMatch(said);
  });

  it("offers ranges of columns of numbers alone", () => {
    const columns = [
      { name: "age", values: null, areNumbers: true },
      { name: "region", values: ["east"], areNumbers: false },
    ];
    expect(columnsFor("range", columns).map(({ name }) => name)).toEqual(["age"]);
    expect(columnsFor("column", columns)).toHaveLength(2);
  });
});

describe("the list of slices", () => {
  const query = { by: "contains", word: "free" } as const;
  const estimate = { value: 0.25, low: 0.1, high: 0.5 };
  const found: PageSlices = {
    figure: "accuracy",
    overall: { ...estimate, rows: 40 },
    slices: [
      { query, name: "contains “free”", rows: 8, ...estimate, difference: -0.5 },
      { query: { by: "label", label: "ham" }, name: "label is “ham”", rows: 40, ...estimate, difference: null },
    ],
    columns: [],
    labelNames: ["ham"],
  };

  it("has the names that a person gave, and is saved with all rows", () => {
    const listed = listedSlices(found, [{ name: "Offers", query }]);
    expect(listed.map(({ name, isOwn }) => [name, isOwn])).toEqual([
      ["Offers", true],
      ["label is “ham”", false],
    ]);
    const { lines } = sliceLines(found, listed);
    expect(lines[0]).toEqual(["Offers", 8, 0.25, 0.1, 0.5, -0.5, "yes"]);
    expect(lines.at(-1)).toEqual(["all rows", 40, 0.25, 0.1, 0.5, "", "no"]);
  });

  it("says how far a slice is from the other rows", () => {
    expect(differenceText("accuracy", -0.5)).toBe("−50.0 points");
    expect(differenceText("mean absolute error", 0.5)).toBe("+0.500");
    expect(differenceText("accuracy", null)).toBe("–");
  });

  it("is kept across runs, each condition once", async () => {
    const { state, actions } = setUp();
    actions.keepSlice({ name: "Offers", query });
    actions.keepSlice({ name: "Length", query: { by: "length", from: 1, to: 3 } });
    actions.keepSlice({ name: "Free things", query: { ...query } });
    await actions.start();
    expect(state().slices.map(({ name }) => name)).toEqual(["Length", "Free things"]);
    actions.dropSlice({ ...query });
    expect(state().slices.map(({ name }) => name)).toEqual(["Length"]);
  });
});
