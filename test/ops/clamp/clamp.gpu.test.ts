import { beforeAll, describe, it } from "vitest";
import { clamp } from "../../../src/ops/clamp/clamp.ts";
import { BACKENDS, computeOnAll, startBackends } from "../backends.ts";
import { expectSameBits, randomValues, toTensor } from "../numbers.ts";

beforeAll(async () => {
  await startBackends();
});

describe("clamp", () => {
  it.each([[1], [64], [5, 13], [1000]])("cuts in place, exactly, on every backend: shape %j, %j", async (...shape) => {
    const values = randomValues(
      shape.filter((size) => size !== undefined),
      1,
      2,
    );
    const all = await computeOnAll(() => {
      const x = toTensor(values);
      clamp([x], 0.5);
      return { x };
    });
    const x = values.values.map((value) => Math.max(-0.5, Math.min(0.5, value)));
    for (const backend of BACKENDS) expectSameBits(all[backend], { x });
  });
});
