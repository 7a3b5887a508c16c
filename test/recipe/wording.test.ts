import { describe, expect, it } from "vitest";
import { counted, percent, plainNumber, quoted } from "../../src/recipe/wording.ts";

describe("words for people", () => {
  it("count with a noun", () => {
    expect([counted(1, "row"), counted(5572, "row"), counted(0.05, "epoch"), counted(2, "class", "classes")]).toEqual([
      "1 row",
      "5,572 rows",
      "0.05 epochs",
      "2 classes",
    ]);
  });

  it("write a share that is neither 0 nor 100 % as neither", () => {
    const texts = [0.8662, 0.004, 0.0001, 0.9996, 0, 1].map(percent);
    expect(texts.map((text) => text.replace("\u202f", " "))).toEqual([
      "87 %",
      "0.4 %",
      "0.1 %",
      "99.9 %",
      "0 %",
      "100 %",
    ]);
  });

  it("write numbers as recipes do", () => {
    expect([2e-5, 0.1, 0, 128].map(plainNumber)).toEqual(["2e-5", "0.1", "0", "128"]);
  });

  it("quote a few names, and say how many more there are", () => {
    expect(quoted(["a", "b"])).toBe('"a", "b"');
    expect(quoted(["a", "b", "c"], 2)).toBe('"a", "b" and 1 more');
    expect(quoted(["x".repeat(61)])).toBe(`"${"x".repeat(60)}…"`);
  });
});
