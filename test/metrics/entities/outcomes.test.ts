import { describe, expect, it } from "vitest";
import { OutcomeCounts } from "../../../src/metrics/entities/outcomes.ts";

describe("OutcomeCounts", () => {
  it("says of each true entity what was found there, and of each predicted one whether anything is", () => {
    const counts = new OutcomeCounts();
    counts.add(
      [
        ["PER", 0, 1],
        ["PER", 3, 4],
        ["LOC", 6, 6],
        ["LOC", 8, 9],
      ],
      [
        ["PER", 0, 1],
        ["LOC", 3, 4],
        ["LOC", 9, 10],
        ["ORG", 12, 12],
      ],
    );
    expect(counts.all()).toEqual([
      { type: "LOC", right: 0, otherType: 0, otherWords: 1, missed: 1, invented: 0 },
      { type: "ORG", right: 0, otherType: 0, otherWords: 0, missed: 0, invented: 1 },
      { type: "PER", right: 1, otherType: 1, otherWords: 0, missed: 0, invented: 0 },
    ]);
  });
});
