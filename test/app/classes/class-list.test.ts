import { describe, expect, it } from "vitest";
import { classOrder, foundClasses, orderedClasses } from "../../../src/app/classes/class-list.ts";

describe("orderedClasses", () => {
  it("puts the least key first, classes without a key last, equal ones in class order", () => {
    const keys = [2, NaN, 1, 2, NaN];
    expect(orderedClasses(5, { label: "", keyOf: (index) => keys[index] ?? 0 })).toEqual([2, 0, 3, 1, 4]);
  });

  it("decides between equal keys by the tie", () => {
    const rows = [1, 5, 3];
    const order = { label: "", keyOf: () => 0, tieOf: (index: number) => -(rows[index] ?? 0) };
    expect(orderedClasses(3, order)).toEqual([1, 2, 0]);
  });

  it("keeps the class order, of 10,000 classes too", () => {
    expect(orderedClasses(10_000, classOrder)).toEqual([...Array(10_000).keys()]);
  });
});

describe("foundClasses", () => {
  const names = ["Visa déclarée", "CARD lost", "ｃａｒｄ new", "Straße", "__proto__"];
  const all = [4, 3, 2, 1, 0];

  it.each([
    ["card", [2, 1]],
    ["  DÉCLARÉE ", [0]],
    ["stra", [3]],
    ["__proto__", [4]],
    ["nothing", []],
  ])("finds “%s” in either case and form, in the order given", (search, found) => {
    expect(foundClasses(all, names, search)).toEqual(found);
  });

  it("finds a name whose accents are composed otherwise", () => {
    expect(foundClasses(all, names, "déclarée".normalize("NFD"))).toEqual([0]);
  });

  it("gives all for an empty search", () => {
    expect(foundClasses(all, names, "  ")).toEqual(all);
  });
});
