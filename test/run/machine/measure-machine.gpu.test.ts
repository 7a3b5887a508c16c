import { beforeAll, describe, expect, it } from "vitest";
import { onWasm } from "../../../src/gpu/backend.ts";
import { runningDevice, runningGpu } from "../../../src/gpu/running.ts";
import { Budget } from "../../../src/run/machine/budget.ts";
import { measureMachine } from "../../../src/run/machine/measure-machine.ts";
import { measureProcessor, measureSameness } from "../../../src/run/machine/steps.ts";
import { summaryOf } from "../../../src/run/machine/summary.ts";
import { backendOptions, startBackends } from "../../ops/backends.ts";

/** Enough on any machine for the fewest repeats. */
const ample = () => new Budget(600, () => performance.now());

beforeAll(async () => {
  await startBackends();
});

describe("a measurement of this machine", () => {
  it("has every piece, none of them failed, and leaves the GPU running", async () => {
    const said: string[] = [];
    const measured = await measureMachine(runningGpu(), {
      extent: "whole",
      browser: navigator.userAgent,
      cores: 1,
      scale: 0.02,
      onProcessor: (work) => onWasm(backendOptions, work),
      onPiece: (what) => said.push(what),
    });
    expect(Object.keys(measured.pieces)).toEqual([
      ...["waits", "dispatches", "peaks", "tuning", "sameness", "processor", "steps"],
      ...["products", "sums", "attention", "longStep"],
    ]);
    expect(Object.entries(measured.pieces).filter(([, piece]) => "failed" in piece)).toEqual([]);
    expect(said.at(0)).toBe("Waiting for an idle GPU");
    expect(measured.adapter).toMatchObject({ kernels: "software" });
    expect(measured.limits.maxBufferSize).toBeGreaterThan(2 ** 28);
    expect(summaryOf(measured).map(({ what }) => what)).toContain("Equal steps give equal bits");
    expect(runningDevice().kind).toBe("webgpu");
  });

  it("finds that equal steps give equal bits", async () => {
    expect(await measureSameness(ample())).toMatchObject({
      equalBits: true,
      largestDifference: { loss: 0, weights: 0 },
    });
  });

  // Without time for the step that is timed.
  it("finds the numbers of the processor", async () => {
    const processor = await measureProcessor(new Budget(0, () => performance.now()), (work) =>
      onWasm(backendOptions, work),
    );
    const { differences } = processor as { differences: { losses: number[]; largestOfWeights: number } };
    expect(differences.losses).toHaveLength(3);
    expect(Math.max(...differences.losses)).toBeLessThan(1e-4);
    expect(differences.largestOfWeights).toBeLessThan(1e-3);
    expect(runningDevice().kind).toBe("webgpu");
  });
});
