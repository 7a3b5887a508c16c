import { expect, it } from "vitest";
import { opsPage, stepOf } from "../../bench/sections/ops/ops.ts";

const step = { lengths: [4, 3], tokenCapacity: 16, hidden: 8, heads: 2 };
const dispatch = (label: string, submission: number, ms: number) => ({ label, sizes: [64, 64], submission, ms });

it("sums the least times of equal steps by kind, and finds the longest submission", () => {
  const measured = [
    [dispatch("copy", 0, 5), dispatch("add", 0, 1), dispatch("copy", 1, 2)],
    [dispatch("copy", 0, 3), dispatch("add", 0, 4), dispatch("copy", 1, 9)],
  ];
  const summed = stepOf(measured, step);
  expect(summed).toMatchObject({ gpuMs: 6, dispatches: 3, perSubmission: 1.5, longestSubmissionMs: 4 });
  expect(summed.ops.map(({ kind, count, ms, bytes }) => [kind, count, ms, bytes])).toEqual([
    ["copy", 2, 5, 256],
    ["add", 1, 1, 128],
  ]);
  expect(() => stepOf([measured[0] ?? [], []], step)).toThrow("unequal");
});

it("says of each kind its share of the step and of the peaks", () => {
  const op = { kind: "some product", count: 2, ms: 2, flops: 10e6, bytes: 1e6 };
  const one = {
    name: "one step",
    tokens: 7,
    gpuMs: 8,
    dispatches: 2,
    perSubmission: 4,
    longestSubmissionMs: 8,
    ops: [op],
  };
  const page = opsPage({ adapter: "some adapter", peaks: { gflops: 10, gbytes: 2 }, steps: [one] });
  expect(page).toContain("| some product | 2 | 2.0 | 25.0 % | 5.0 | 50.0 % | 0.50 | 25.0 % |");
});
