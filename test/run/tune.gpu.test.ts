import { beforeAll, expect, it } from "vitest";
import { runningGpu } from "../../src/gpu/running.ts";
import { tuneTiles, type TuningStore } from "../../src/run/tune.ts";
import { startBackends } from "../ops/backends.ts";

beforeAll(async () => {
  await startBackends();
});

/** By this clock waits for nothing take no time, and each batch the time that `next` makes of the one before. */
function clockOf(next: (ms: number) => number) {
  let [calls, now, ms] = [0, 0, 40];
  return {
    now() {
      // Idle waits are the first ten calls.
      if (calls++ >= 10) [now, ms] = [now + ms, next(ms)];
      return now;
    },
  };
}

it("measures once an adapter and browser, again when asked or when what is kept is of other tiles", async () => {
  const kept = new Map<string, unknown>();
  const store: TuningStore = {
    read: (key) => Promise.resolve(kept.get(key)),
    write: (key, tuning) => Promise.resolve(void kept.set(key, tuning)),
  };
  let measurings = 0;
  const tune = (next = (ms: number) => ms, options = {}) =>
    tuneTiles(store, {
      clock: clockOf(next),
      onProgress: (done: number) => void (measurings += done === 0 ? 1 : 0),
      ...options,
    });
  try {
    // No two batches agree: nothing is kept, and products take the tile that they take unmeasured.
    runningGpu().tileSpeeds = [{ tile: "direct 8×16", product: "FORWARD", size: "large", gflops: 1 }];
    expect(await tune((ms) => 1.3 * ms)).toEqual([]);
    expect([kept.size, runningGpu().tileSpeeds]).toEqual([0, []]);

    const speeds = await tune();
    expect(speeds.length).toBeGreaterThan(0);
    expect(runningGpu().tileSpeeds).toBe(speeds);
    expect([...kept.keys()]).toEqual([expect.stringMatching(/swiftshader.*software.*chrom/i)]);
    expect(await tune()).toEqual(speeds);
    expect(measurings).toBe(2);

    await tune(undefined, { engine: "the next version" });
    expect(measurings).toBe(3);
    expect([...kept.keys()]).toEqual([expect.anything(), expect.stringMatching(/the next version$/)]);

    for (const [key] of kept) kept.set(key, { tiles: "other ones", speeds });
    await tune();
    expect(measurings).toBe(4);
    await tune(undefined, { again: true });
    expect(measurings).toBe(5);
  } finally {
    runningGpu().tileSpeeds = [];
  }
});
