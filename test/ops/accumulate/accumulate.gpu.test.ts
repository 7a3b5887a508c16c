import { beforeAll, describe, it } from "vitest";
import { accumulate } from "../../../src/ops/accumulate/accumulate.ts";
import { BACKENDS, computeOnAll, startBackends } from "../backends.ts";
import { expectSameBits, randomValues, toTensor } from "../numbers.ts";

beforeAll(async () => {
  await startBackends();
});

describe("accumulate", () => {
  it.each([[1], [3], [64], [5, 13], [1000]])(
    "adds in place, exactly, on every backend: shape %j, %j",
    async (...shape) => {
      const sizes = shape.filter((size) => size !== undefined);
      const [sum, x, more] = [randomValues(sizes, 1), randomValues(sizes, 2), randomValues(sizes, 3)];
      const all = await computeOnAll(() => {
        const total = toTensor(sum);
        accumulate(total, toTensor(x));
        accumulate(total, toTensor(more));
        return { total };
      });
      const total = sum.values.map((value, i) => Math.fround(value + (x.values[i] ?? NaN)) + (more.values[i] ?? NaN));
      for (const backend of BACKENDS) expectSameBits(all[backend], { total });
    },
  );
});
