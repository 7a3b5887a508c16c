import { describe, expect, it } from "vitest";
import { timeWork } from "../../../src/run/machine/time-work.ts";
import { FakeClock, FakeGpu } from "./fake-gpu.ts";

function timed(costs: { workMs: number; compileMs: number; idleMs: number }, seconds: number) {
  const clock = new FakeClock();
  const gpu = new FakeGpu(clock, costs);
  const time = timeWork(gpu, gpu.record, { idleMs: costs.idleMs, budget: clock.budget(seconds) });
  return { clock, gpu, time };
}

describe("the time of work on the GPU", () => {
  it.each([0.07, 5, 103])(
    "is found where the browser answers after %d ms, without the wait and the compilation",
    async (idleMs) => {
      const { gpu, time } = timed({ workMs: 0.2, compileMs: 1500, idleMs }, 10);
      const found = await time;
      if (typeof found === "string") throw new Error(found);
      expect(found.ms).toBeCloseTo(0.2, 6);
      expect(found.compileMs).toBeCloseTo(1500, 3);
      // Long enough beyond a wait that the wait's own variation does not count.
      expect(found.repeats * found.ms).toBeGreaterThanOrEqual(30);
      expect(gpu.waits).toBeLessThanOrEqual(6);
    },
  );

  it("takes two calls of slow work, and one where there is no time for two", async () => {
    const slow = { workMs: 4000, compileMs: 1000, idleMs: 1 };
    const two = timed(slow, 10);
    expect(await two.time).toEqual({ ms: 4000, repeats: 1, compileMs: 1000 });
    expect(two.gpu.calls).toBe(2);
    const one = timed(slow, 4);
    expect(await one.time).toEqual({ ms: 5000, repeats: 1, compileMs: null });
    expect(one.gpu.calls).toBe(1);
  });

  it("is not taken without time for a wait", async () => {
    const { gpu, time } = timed({ workMs: 1, compileMs: 0, idleMs: 103 }, 0.1);
    expect(await time).toBe("not measured: budget");
    expect(gpu.calls).toBe(0);
  });
});
