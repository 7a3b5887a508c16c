import { describe, expect, it } from "vitest";
import { Rehearsal } from "../../src/train/rehearsal.ts";

const recipe = { rehearsal: 0.25, batchSize: 8, accumulate: 1, seed: 42 };
const stepsOf = (rehearsal: Rehearsal, steps: number) =>
  Array.from({ length: steps }, (_, step) => rehearsal.rowsOf(step).map((rows) => [...rows]));

describe("rehearsal", () => {
  it("draws its share of the rows of a step, at least one", () => {
    const count = (share: number) =>
      new Rehearsal({ ...recipe, rehearsal: share }, 10).rowsOf(3).flatMap((rows) => [...rows]).length;
    expect([0.25, 0.5, 0.01].map(count)).toEqual([2, 4, 1]);
  });

  it("shows every row before any comes again, then in another order", () => {
    const rows = stepsOf(new Rehearsal(recipe, 10), 10).flat(2);
    const all = Array.from({ length: 10 }, (_, i) => i);
    const passes = [rows.slice(0, 10), rows.slice(10)];
    for (const pass of passes) expect([...pass].sort((a, b) => a - b)).toEqual(all);
    expect(passes[0]).not.toEqual(passes[1]);
  });

  it("is decided by the seed, and each step by itself", () => {
    const steps = stepsOf(new Rehearsal(recipe, 10), 12);
    expect(stepsOf(new Rehearsal(recipe, 10), 12)).toEqual(steps);
    expect(stepsOf(new Rehearsal({ ...recipe, seed: 43 }, 10), 12)).not.toEqual(steps);
    expect(new Rehearsal(recipe, 10).rowsOf(7).map((rows) => [...rows])).toEqual(steps[7]);
  });

  it("repeats rows where a step wants more than there are", () => {
    const [rows = []] = stepsOf(new Rehearsal({ ...recipe, rehearsal: 0.5 }, 3), 1).map((batches) => batches.flat());
    expect(rows).toHaveLength(4);
    expect(new Set(rows)).toEqual(new Set([0, 1, 2]));
  });

  it("comes in micro-batches no larger than those of the new rows", () => {
    const rehearsal = new Rehearsal({ ...recipe, rehearsal: 0.5, batchSize: 16, accumulate: 8 }, 50);
    expect(rehearsal.rowsOf(0).map(({ length }) => length)).toEqual([2, 2, 2, 2]);
  });
});
