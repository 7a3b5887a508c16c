import { beforeAll, expect, it } from "vitest";
import { runningGpu } from "../../src/gpu/running.ts";
import { tuneTiles, type TuningStore } from "../../src/run/tune.ts";
import { startBackends } from "../ops/backends.ts";

beforeAll(async () => {
  await startBackends();
});

it("measures once an adapter, again when asked or when what is kept is of other tiles", async () => {
  const kept = new Map<string, unknown>();
  const store: TuningStore = {
    read: (adapter) => Promise.resolve(kept.get(adapter)),
    write: (adapter, tuning) => Promise.resolve(void kept.set(adapter, tuning)),
  };
  let measurings = 0;
  const options = { onProgress: (done: number) => void (measurings += done === 0 ? 1 : 0) };
  try {
    const speeds = await tuneTiles(store, options);
    expect(speeds.length).toBeGreaterThan(0);
    expect([...kept.keys()]).toEqual([expect.stringMatching(/swiftshader|software|\S/i)]);
    expect(await tuneTiles(store, options)).toEqual(speeds);
    expect(measurings).toBe(1);
    for (const [adapter] of kept) kept.set(adapter, { tiles: "other ones", speeds });
    await tuneTiles(store, options);
    expect(measurings).toBe(2);
  } finally {
    runningGpu().tileSpeeds = [];
  }
});
