import { beforeAll, describe, it } from "vitest";
import { accumulate } from "../../../src/ops/accumulate/accumulate.ts";
import { BACKENDS, computeOnAll, startBackends } from "../backends.ts";
import { expectAgreement, expectSameBits, randomValues, toTensor } from "../numbers.ts";

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

  it("keeps a share of what is there and adds a multiple", async () => {
    const [sum, x] = [randomValues([130], 1), randomValues([130], 2)];
    const all = await computeOnAll(() => {
      const total = toTensor(sum);
      accumulate(total, toTensor(x), { keep: 0.75, factor: -0.5 });
      return { total };
    });
    const total = sum.values.map((value, i) => 0.75 * value - 0.5 * (x.values[i] ?? NaN));
    for (const backend of BACKENDS) expectAgreement({ ...all, [backend]: { total } }, 1e-6);
  });
});
