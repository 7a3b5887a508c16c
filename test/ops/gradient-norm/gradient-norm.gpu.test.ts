import { tensor1d } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { deviceZeros } from "../../../src/ops/device-tensor.ts";
import { gradientNorm } from "../../../src/ops/gradient-norm/gradient-norm.ts";
import { BACKENDS, computeOnAll, startBackends } from "../backends.ts";
import { expectAgreement, randomValues, toTensor } from "../numbers.ts";

beforeAll(async () => {
  await startBackends();
});

const shapes = [
  { name: "one number", sizes: [1] },
  { name: "as many as one dispatch takes", sizes: [4, 7, 64, 65, 1, 3] },
  { name: "more than one dispatch takes", sizes: [4, 7, 64, 65, 1, 3, 5000, 9, 12_345, 2, 2, 2, 2] },
];

describe("gradient norm", () => {
  it.each(shapes)("is the norm of all together, and the factor that clips it: $name", async ({ sizes }) => {
    const gradients = sizes.map((size, i) => randomValues([size], i + 1));
    const norm = Math.sqrt(gradients.reduce((sum, { values }) => values.reduce((a, g) => a + g * g, sum), 0));
    for (const limit of [1e-3, norm / 3, 10 * norm]) {
      const all = await computeOnAll(() => gradientNorm(gradients.map(toTensor), limit));
      expectAgreement(all);
      for (const backend of BACKENDS) {
        const [found = NaN, factor = NaN, broken] = all[backend].readback ?? [];
        expect(found / norm, backend).toBeCloseTo(1, 5);
        expect(factor / Math.min(1, limit / (norm + 1e-6)), backend).toBeCloseTo(1, 5);
        expect(broken, backend).toBe(0);
      }
    }
  });

  it("is 0 for gradients of zeros, which it leaves as they are", async () => {
    const zeros = { shape: [5], values: new Float32Array(5) };
    const all = await computeOnAll(() => gradientNorm([toTensor(zeros)], 1));
    for (const backend of BACKENDS) expect([...(all[backend].readback ?? [])], backend).toEqual([0, 1, 0]);
  });

  it.each([NaN, Infinity, -Infinity, 1e30])("flags a gradient that holds %d", async (value) => {
    for (const place of [0, 7, 20]) {
      const gradients = Array.from({ length: 21 }, (_, i) => randomValues([50], i));
      const broken = gradients[place];
      if (!broken) throw new Error("There is no such gradient.");
      broken.values[31] = value;
      const all = await computeOnAll(() => gradientNorm(gradients.map(toTensor), 1));
      // The square of 1e30 is beyond float32 but not beyond the float64 of plain loops.
      const backends = value === 1e30 ? (["webgpu"] as const) : BACKENDS;
      for (const backend of backends) {
        const [, factor, flag] = all[backend].readback ?? [];
        expect([factor, flag], `${backend}, gradient ${place}`).toEqual([0, 1]);
      }
    }
  });

  const gradient = () => toTensor(randomValues([9], 1));
  const lossesOf = (values: number[]) => values.map((value) => tensor1d([value]));

  it.each([
    { what: "one loss", losses: [NaN] },
    { what: "the fourth of four", losses: [1, 2, 3, Infinity] },
    { what: "the fifth of five", losses: [1, 2, 3, 4, -Infinity] },
    { what: "the last of thirteen", losses: [...new Array<number>(12).fill(1), NaN] },
  ])("stops the step and all after it when a loss is not finite: $what", async ({ losses }) => {
    const all = await computeOnAll(() => {
      const broken = deviceZeros([1]);
      const steps = [[1, 2], losses, [1], new Array<number>(6).fill(0.5)];
      const readback = steps.map(
        (values) => gradientNorm([gradient()], 1e9, { losses: lossesOf(values), broken }).readback,
      );
      return Object.fromEntries(readback.map((tensor, i) => [`step ${i}`, tensor]));
    });
    for (const backend of BACKENDS) {
      const flags = [0, 1, 2, 3].map((step) => [...(all[backend][`step ${step}`] ?? [])].slice(1));
      expect(flags, backend).toEqual([
        [1, 0],
        [0, 1],
        [0, 1],
        [0, 1],
      ]);
      expect(all[backend]["step 2"]?.[0], backend).toBeGreaterThan(0);
    }
  });

  it("goes on while losses and gradients are finite, however large the losses", async () => {
    const all = await computeOnAll(() => {
      const broken = deviceZeros([1]);
      const readback = [3e38, -1, 0].map((value) =>
        gradientNorm([gradient()], 1e9, { losses: lossesOf([value]), broken }),
      );
      return Object.fromEntries(readback.map((one, i) => [`step ${i}`, one.readback]));
    });
    for (const backend of BACKENDS) {
      for (const step of [0, 1, 2]) expect(all[backend][`step ${step}`]?.[2], backend).toBe(0);
    }
  });
});
