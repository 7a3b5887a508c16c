import { beforeAll, describe, expect, it } from "vitest";
import { addDropped, dropout } from "../../../src/ops/dropout/mask.ts";
import { dropoutKey, keepFactor, NO_DROPOUT, type Dropout } from "../../../src/ops/dropout/random.ts";
import { BACKENDS, computeOn, computeOnAll, startBackends } from "../backends.ts";
import { expectGradient, weightedSum } from "../differences.ts";
import { expectAgreement, expectNear, expectSameBits, randomValues, toTensor } from "../numbers.ts";

beforeAll(async () => {
  await startBackends();
});

const at = (seed: number, step: number, microBatch: number, site: number): Dropout => ({
  rate: 0.3,
  key: dropoutKey(seed, step, microBatch, site),
});

/** The mask itself: what ones become. */
async function maskOf(spec: Dropout, size = 10_000): Promise<number[]> {
  const ones = { shape: [size], values: new Float32Array(size).fill(1) };
  const { y } = await computeOn("webgpu", () => ({ y: dropout(toTensor(ones), size, spec) }));
  return [...(y ?? [])];
}

describe("dropout", () => {
  it("has the same mask on every backend, that of keepFactor, scaled by 1 / 0.7", async () => {
    const spec = at(42, 3, 1, 7);
    const size = 10_001;
    const ones = { shape: [size], values: new Float32Array(size).fill(1) };
    const all = await computeOnAll(() => ({ y: dropout(toTensor(ones), size, spec) }));
    const expected = Float32Array.from({ length: size }, (_, i) => keepFactor(spec, i));
    for (const backend of BACKENDS) expectSameBits(all[backend], { y: expected });
    expect(new Set(all.webgpu.y)).toEqual(new Set([0, Math.fround(1 / 0.7)]));
  });

  it("drops about the rate, in every stretch", async () => {
    const mask = await maskOf(at(42, 3, 0, 7));
    const zeros = (from: number, to: number) => mask.slice(from, to).filter((value) => value === 0).length;
    // Four standard deviations of a binomial: 183 of 10,000 and 58 of 1,000.
    expect(Math.abs(zeros(0, 10_000) - 3000)).toBeLessThan(183);
    for (let from = 0; from < 10_000; from += 1000) expect(Math.abs(zeros(from, from + 1000) - 300)).toBeLessThan(58);
  });

  it("differs by seed, step, micro-batch and site as if drawn anew, and is equal for an equal key", async () => {
    const mask = await maskOf(at(42, 3, 1, 7));
    expect(await maskOf(at(42, 3, 1, 7))).toEqual(mask);
    const others = [
      at(43, 3, 1, 7),
      at(42, 4, 1, 7),
      at(42, 3, 2, 7),
      at(42, 3, 1, 8),
      at(42, 2, 1, 8),
      at(42, 3, 7, 1),
    ];
    for (const other of others) {
      const own = await maskOf(other);
      // Two independent masks agree at 0.3² + 0.7² = 58 % of the elements; four standard deviations are 2 %.
      const agreeing = own.filter((value, i) => value === mask[i]).length / own.length;
      expect(Math.abs(agreeing - 0.58), JSON.stringify(other)).toBeLessThan(0.02);
    }
  });

  it("passes everything at rate 0", async () => {
    const x = randomValues([70], 3);
    const all = await computeOnAll(() => ({ y: dropout(toTensor(x), 70, NO_DROPOUT) }));
    for (const backend of BACKENDS) expectSameBits(all[backend], { y: x.values });
  });

  it.each([1, 63, 130])("has the gradient that differences give: %i elements", async (size) => {
    const spec = at(5, 1, 0, 2);
    const [x, dy] = [randomValues([size], 1), randomValues([size], 2)];
    const all = await computeOnAll(() => ({ dx: dropout(toTensor(dy), size, spec) }));
    expectAgreement(all, 1e-6);
    await expectGradient(all.webgpu.dx, x, () => weightedSum(() => dropout(toTensor(x), size, spec), dy), "dx");
  });

  it("is added to a residual on every backend", async () => {
    const spec = at(5, 1, 0, 2);
    const [residual, x] = [randomValues([7, 19], 1), randomValues([7, 19], 2)];
    const all = await computeOnAll(() => ({ y: addDropped(toTensor(residual), toTensor(x), 7 * 19, spec) }));
    const expected = residual.values.map((value, i) => value + Math.fround((x.values[i] ?? 0) * keepFactor(spec, i)));
    for (const backend of BACKENDS) expectNear(all[backend].y, expected, 1e-6, backend);
  });

  it("reaches beyond the workgroups of one dimension", async () => {
    const size = 64 * 65_535 + 70;
    const mask = await maskOf(at(1, 2, 0, 3), size);
    const spec = at(1, 2, 0, 3);
    const end = mask.slice(-140);
    expect(end).toEqual(end.map((_, i) => Math.fround(keepFactor(spec, size - 140 + i))));
  });
});
