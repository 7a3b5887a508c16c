import type { Tensor } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { dropoutKey, keepFactor, NO_DROPOUT } from "../../../src/ops/dropout/random.ts";
import {
  addAndNorm,
  addAndNormGradient,
  normAndDrop,
  normAndDropGradient,
} from "../../../src/ops/layer-norm/layer-norm.ts";
import { BACKENDS, computeOn, computeOnAll, startBackends } from "../backends.ts";
import { expectGradient, weightedSum } from "../differences.ts";
import { expectAgreement, expectNear, expectSameBits, toTensor } from "../numbers.ts";
import { epsilon, layerNormCases as cases, layerNormValues as valuesOf, onBranch, onOutput } from "./cases.ts";

beforeAll(async () => {
  await startBackends();
});

describe("add and norm", () => {
  it.each(cases)("agrees on every backend: $name, $kind", async (one) => {
    const values = valuesOf(one);
    const all = await computeOnAll(() => onBranch(one, values, 0));
    expectAgreement(all, 2e-5);
    for (const kind of ["webgpu", "gpu"] as const)
      expectSameBits(await computeOn(kind, () => onBranch(one, values, 5)), all[kind]);
  });

  it.each(cases)("has the gradients that differences give: $name, $kind", async (one) => {
    const values = valuesOf(one);
    const gradients = await computeOn("webgpu", () => onBranch(one, values, 0));
    const loss = () => weightedSum(() => onBranch(one, values, 0).y, values.dy);
    await expectGradient(gradients.dx, values.x, loss, "dx");
    await expectGradient(gradients.dBranch, values.branch, loss, "dBranch");
    await expectGradient(gradients.dGamma, values.gamma, loss, "dGamma");
    await expectGradient(gradients.dBeta, values.beta, loss, "dBeta");
  });
});

describe("norm and drop", () => {
  it.each(cases)("agrees on every backend: $name, $kind", async (one) => {
    const values = valuesOf(one);
    const all = await computeOnAll(() => onOutput(one, values, 0));
    expectAgreement(all, 2e-5);
    for (const kind of ["webgpu", "gpu"] as const)
      expectSameBits(await computeOn(kind, () => onOutput(one, values, 5)), all[kind]);
  });

  it.each(cases)("has the gradients that differences give: $name, $kind", async (one) => {
    const values = valuesOf(one);
    const { x, gamma, beta, dy } = values;
    const gradients = await computeOn("webgpu", () => onOutput(one, values, 0));
    const { tokens, dropout } = one;
    const forward = () => normAndDrop(toTensor(x), toTensor(gamma), toTensor(beta), { tokens, epsilon, dropout }).y;
    const loss = () => weightedSum(forward, dy);
    await expectGradient(gradients.dx, x, loss, "dx");
    await expectGradient(gradients.dGamma, gamma, loss, "dGamma");
    await expectGradient(gradients.dBeta, beta, loss, "dBeta");
  });

  it("drops from the output, scaled, what the key says", async () => {
    const one = { name: "", kind: "", tokens: 9, hidden: 8, dropout: { rate: 0.3, key: dropoutKey(1, 2, 3, 4) } };
    const values = valuesOf(one);
    const kept = await computeOn("webgpu", () => onOutput({ ...one, dropout: NO_DROPOUT }, values, 0));
    const dropped = await computeOn("webgpu", () => onOutput(one, values, 0));
    const expected = kept.y?.map((value, i) => value * keepFactor(one.dropout, i)) ?? new Float32Array(0);
    expectNear(dropped.y, expected, 1e-6, "y");
    expect(dropped.y?.filter((value) => value === 0).length).toBeGreaterThan(9);
  });
});

describe("LayerNorm", () => {
  it("computes its parameters' gradients only where they are wanted", async () => {
    const one = { name: "", kind: "", tokens: 13, hidden: 12, dropout: { rate: 0.3, key: dropoutKey(1, 2, 3, 4) } };
    const values = valuesOf(one);
    const gradients = (wantsParameters: boolean): Record<string, Tensor> => {
      const [dy, scale] = [toTensor(values.dy), toTensor(values.gamma)];
      const { tokens, dropout } = one;
      const forward = addAndNorm(toTensor(values.x), toTensor(values.branch), scale, toTensor(values.beta), {
        tokens,
        epsilon,
        dropout,
      });
      const { parameters, ...below } = addAndNormGradient(dy, forward, scale, { tokens, dropout, wantsParameters });
      const { dx: dropped, parameters: more } = normAndDropGradient(dy, forward, scale, {
        tokens,
        dropout,
        wantsParameters,
      });
      expect([parameters, more].map((both) => both !== null)).toEqual([wantsParameters, wantsParameters]);
      return { ...below, dropped };
    };
    for (const backend of BACKENDS) {
      expectSameBits(await computeOn(backend, () => gradients(false)), await computeOn(backend, () => gradients(true)));
    }
  });

  it("keeps its accuracy where the mean is large and the deviation small", async () => {
    const one = { name: "", kind: "", tokens: 2, hidden: 64, dropout: NO_DROPOUT };
    const values = valuesOf(one);
    values.x.values.forEach((value, i) => (values.x.values[i] = 1000 + value));
    const { normalized } = await computeOn("webgpu", () => onOutput(one, values, 0));
    const exact = [0, 1].flatMap((row) => {
      const own = Array.from(values.x.values.subarray(64 * row, 64 * (row + 1)));
      const mean = own.reduce((a, b) => a + b, 0) / 64;
      const deviation = Math.sqrt(own.reduce((a, b) => a + (b - mean) ** 2, 0) / 64);
      return own.map((value) => (value - mean) / deviation);
    });
    expectNear(normalized, Float32Array.from(exact), 2e-4, "normalized");
  });
});
