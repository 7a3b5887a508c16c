import { describe, expect, it } from "vitest";
import { newsRows } from "../../bench/inputs/news-rows.ts";

describe("newsRows", () => {
  it("gives rows of 30 to 60 words, the same for the same seed, others for another", () => {
    const rows = [...newsRows(200, 1)];
    const lengths = rows.map((row) => row.split(" ").length);
    expect(rows).toHaveLength(200);
    expect([Math.min(...lengths) >= 30, Math.max(...lengths) <= 60]).toEqual([true, true]);
    expect(new Set(lengths).size).toBeGreaterThan(10);
    expect([...newsRows(200, 1)]).toEqual(rows);
    expect([...newsRows(200, 2)]).not.toEqual(rows);
  });

  it("has words that no row had before", () => {
    const known = new Set([...newsRows(10_000, 1)].flatMap((row) => row.split(" ")));
    const later = [...newsRows(200, 2)].flatMap((row) => row.split(" "));
    const share = later.filter((word) => !known.has(word)).length / later.length;
    expect(share).toBeGreaterThan(0.02);
    expect(share).toBeLessThan(0.06);
  });
});
