import { beforeAll, describe, expect, it } from "vitest";
import { randomBatch } from "../batches.ts";
import { computeOn, computeOnAll, startBackends } from "../backends.ts";
import { expectGradient, weightedSum } from "../differences.ts";
import { expectAgreement, expectSameBits } from "../numbers.ts";
import { bothWays, embeddingShapes as shapes, embeddingValues as valuesOf } from "./cases.ts";

beforeAll(async () => {
  await startBackends();
});

describe("embedding", () => {
  it.each(shapes)("agrees on every backend: $name", async (one) => {
    const values = valuesOf(one);
    const all = await computeOnAll(() => bothWays(one, values, 0));
    expectAgreement(all, 1e-6);
    for (const kind of ["webgpu", "gpu"] as const)
      expectSameBits(await computeOn(kind, () => bothWays(one, values, 6)), all[kind]);
  });

  it("agrees on every backend without segment types", async () => {
    const one = { name: "", lengths: [3, 1, 5], word: 97, position: 6, hidden: 8 };
    const values = valuesOf(one);
    const all = await computeOnAll(() => bothWays(one, values, 0, false));
    expectAgreement(all, 1e-6);
    expect(Object.keys(all.webgpu)).toEqual(["y", "dWord", "dPosition"]);
    // A type of zeros changes no sum.
    const zeros = { ...values, type: { ...values.type, values: new Float32Array(values.type.values.length) } };
    const withZeros = await computeOn("webgpu", () => bothWays(one, zeros, 0));
    delete withZeros.dType;
    expectSameBits(withZeros, all.webgpu);
  });

  it.each(shapes)("has the gradients that differences give: $name", async (one) => {
    const values = valuesOf(one);
    const gradients = await computeOn("webgpu", () => bothWays(one, values, 0));
    const loss = () =>
      weightedSum(() => {
        const { y } = bothWays(one, values, 0);
        if (!y) throw new Error("There is no output.");
        return y;
      }, values.dy);
    await expectGradient(gradients.dWord, values.word, loss, "dWord");
    await expectGradient(gradients.dPosition, values.position, loss, "dPosition");
    await expectGradient(gradients.dType, values.type, loss, "dType");
  });

  it("gives the same bits at every run, and zeros to entries that nobody used", async () => {
    const one = { name: "", lengths: [40, 40], word: 997, position: 64, hidden: 4 };
    const values = valuesOf(one);
    for (const kind of ["webgpu", "gpu"] as const) {
      const first = await computeOn(kind, () => bothWays(one, values, 0));
      expectSameBits(await computeOn(kind, () => bothWays(one, values, 0)), first);
      const used = new Set(randomBatch(one.lengths, { word: 997, position: 64, type: 2 }, 5).ids);
      const rows = Array.from({ length: 997 }, (_, id) => first.dWord?.subarray(4 * id, 4 * id + 4) ?? []);
      expect(rows.filter((row) => row.some((value) => value !== 0)).length).toBe(used.size);
    }
  });
});
