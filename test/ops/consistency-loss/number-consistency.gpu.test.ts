import { beforeAll, describe, expect, it } from "vitest";
import { numberConsistency } from "../../../src/ops/consistency-loss/number-consistency.ts";
import reference from "../../reference/losses.json" with { type: "json" };
import { BACKENDS, computeOn, computeOnAll, startBackends } from "../backends.ts";
import { expectGradient, weightedSum } from "../differences.ts";
import { expectAgreement, expectNear, expectSameBits, randomValues, toCapacity, toTensor } from "../numbers.ts";

beforeAll(async () => {
  await startBackends();
});

const cases = (["logit", "value"] as const).flatMap((kind) => [
  { name: `1 ${kind}`, rows: 1, width: 1, kind },
  { name: `more ${kind}s than threads`, rows: 131, width: 5, kind },
]);
const one = { shape: [1], values: Float32Array.of(1) };
const SCALE = 0.7;

describe("consistency loss of single numbers", () => {
  it.each(cases)("agrees on every backend, and with differences: $name", async ({ rows, width, kind }) => {
    const [first, second] = [randomValues([rows, width], 1, 2), randomValues([rows, width], 2, 2)];
    const compute = (spare: number) => ({
      ...numberConsistency(toCapacity(first, rows + spare), toCapacity(second, rows + spare), {
        ...{ numbers: rows * width, scale: SCALE, kind },
      }),
    });
    const all = await computeOnAll(() => compute(0));
    expectAgreement(all, 3e-5);
    expectSameBits(await computeOn("webgpu", () => compute(9)), all.webgpu);
    const loss = () => weightedSum(() => compute(0).loss, one);
    await expectGradient(all.webgpu.dFirst, first, loss, "dFirst");
    await expectGradient(all.webgpu.dSecond, second, loss, "dSecond");
  });

  it("of logits is PyTorch's divergence of Bernoulli distributions, and 0 for equal ones", async () => {
    const { weight, loss, dFirst, dSecond, ...given } = reference.bernoulli;
    const valuesOf = (matrix: number[][]) => ({ shape: [4, 3], values: Float32Array.from(matrix.flat()) });
    const [first, second] = [valuesOf(given.first), valuesOf(given.second)];
    const options = { numbers: 12, scale: weight / 12, kind: "logit" as const };
    const all = await computeOnAll(() => ({
      ...numberConsistency(toTensor(first), toTensor(second), options),
      none: numberConsistency(toTensor(first), toTensor(first), options).loss,
    }));
    for (const backend of BACKENDS) {
      expectNear(all[backend].loss, Float32Array.of(loss), 1e-6, `loss on ${backend}`);
      expectNear(all[backend].dFirst, valuesOf(dFirst).values, 2e-6, `dFirst on ${backend}`);
      expectNear(all[backend].dSecond, valuesOf(dSecond).values, 2e-6, `dSecond on ${backend}`);
      expect(all[backend].none?.[0]).toBe(0);
    }
  });
});
