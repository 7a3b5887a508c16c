import { describe, expect, it } from "vitest";
import { confusionView } from "../../../src/app/run/confusion-view.ts";
import { scoresOf } from "../../../src/metrics/report-of.ts";

// True class 0 is never wrong; 1 and 2 are taken for each other; 3 has no rows.
const report = scoresOf([4, 0, 0, 0, 0, 6, 2, 0, 0, 1, 3, 0, 0, 0, 0, 0], 4);

describe("confusionView", () => {
  it("shows all of a few classes, with shares of each true class", () => {
    const view = confusionView(report, 30);
    expect(view.classes).toEqual([0, 1, 2, 3]);
    expect(view.hidden).toBe(0);
    expect(view.counts[1]).toEqual([0, 6, 2, 0]);
    expect(view.shares[1]).toEqual([0, 0.75, 0.25, 0]);
    expect(view.shares[3]).toEqual([0, 0, 0, 0]);
  });

  it("keeps of many classes those with the most errors, in class order, and their shares of all rows", () => {
    const view = confusionView(report, 2);
    expect(view.classes).toEqual([1, 2]);
    expect(view.hidden).toBe(2);
    expect(view.counts).toEqual([
      [6, 2],
      [1, 3],
    ]);
    expect(view.shares[0]).toEqual([0.75, 0.25]);
  });
});
