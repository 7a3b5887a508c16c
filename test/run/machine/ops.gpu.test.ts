import { beforeAll, expect, it, vi } from "vitest";
import { runningGpu } from "../../../src/gpu/running.ts";
import { Budget } from "../../../src/run/machine/budget.ts";
import { measureAttention } from "../../../src/run/machine/ops.ts";
import { startBackends } from "../../ops/backends.ts";

beforeAll(async () => {
  await startBackends();
});

/** A clock on which each look takes 31 ms, the time that is enough for a measurement. */
function ticking() {
  let now = 0;
  return () => (now += 31);
}

it("attention's passes are timed apart, each without the dispatches of the others", async () => {
  const gpu = runningGpu();
  const dispatched: string[] = [];
  const dispatch = gpu.dispatch.bind(gpu);
  vi.spyOn(gpu, "dispatch").mockImplementation((program, ...rest) => {
    dispatched.push(program.name);
    dispatch(program, ...rest);
  });
  const machine = { gpu, device: gpu.raw, idleMs: 0, gflops: null };
  const times = (await measureAttention(machine, new Budget(1.2, ticking()))) as { what: string; ms?: number }[];
  const measured = times.filter(({ ms }) => ms !== undefined);
  expect(measured.slice(0, 4).map(({ what }) => what)).toEqual(["forward", "backward", "by query", "by key"]);
  const [query, key] = ["attention-by-query", "attention-by-key"];
  const passes = dispatched.filter((name) => name === query || name === key);
  // Twice the whole, then twice each pass.
  expect(passes.slice(0, 8)).toEqual([query, key, query, key, query, query, key, key]);
});
