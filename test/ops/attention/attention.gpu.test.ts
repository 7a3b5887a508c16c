import type { Tensor } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { runningGpu } from "../../../src/gpu/running.ts";
import { attention, attentionGradient } from "../../../src/ops/attention/attention.ts";
import { dropoutKey, NO_DROPOUT, type Dropout } from "../../../src/ops/dropout/random.ts";
import { BACKENDS, computeOn, computeOnAll, computeOnPlainOnes, startBackends, type Numbers } from "../backends.ts";
import { rowsOf } from "../batches.ts";
import { expectGradient, weightedSum } from "../differences.ts";
import {
  expectAgreement,
  expectNear,
  expectSameBits,
  randomValues,
  toCapacity,
  toTensor,
  type Values,
} from "../numbers.ts";

beforeAll(async () => {
  await startBackends();
});

const shapes = [
  { name: "1 row of 1 token", lengths: [1], heads: 1, headSize: 4 },
  { name: "1 row", lengths: [5], heads: 3, headSize: 4 },
  { name: "rows of 1 token", lengths: [1, 1, 1], heads: 2, headSize: 12 },
  { name: "odd T, head size 12", lengths: [3, 1, 9], heads: 3, headSize: 12 },
  { name: "head size 32", lengths: [7, 2], heads: 2, headSize: 32 },
  { name: "head size 64", lengths: [4, 5], heads: 1, headSize: 64 },
  { name: "head size 128", lengths: [3, 2], heads: 2, headSize: 128 },
  { name: "head size 26, by twos", lengths: [3, 6], heads: 3, headSize: 26 },
  { name: "head size 7, one by one", lengths: [1, 5], heads: 3, headSize: 7 },
  { name: "head size 1", lengths: [4, 2], heads: 5, headSize: 1 },
  { name: "the largest head size", lengths: [2, 1], heads: 1, headSize: 504 },
  { name: "head size 200", lengths: [3, 2], heads: 1, headSize: 200 },
  { name: "a row of maximum length", lengths: [512], heads: 1, headSize: 4 },
  { name: "a long row among short ones", lengths: [2, 130, 1], heads: 2, headSize: 4 },
];
/** Head sizes at which kernels for GPUs are compiled, which takes long here: `program.ts` has all others. */
const TILED = [4, 26, 128];

const dropouts: { kind: string; dropout: Dropout }[] = [
  { kind: "no dropout", dropout: NO_DROPOUT },
  { kind: "dropout 0.3", dropout: { rate: 0.3, key: dropoutKey(42, 3, 0, 1) } },
];
const cases = shapes.flatMap((shape) => dropouts.map((dropout) => ({ ...shape, ...dropout })));
type Case = (typeof cases)[number];

function valuesOf({ lengths, heads, headSize }: Case): { qkv: Values; dOut: Values } {
  const tokens = lengths.reduce((a, b) => a + b, 0);
  const hidden = heads * headSize;
  return { qkv: randomValues([tokens, 3 * hidden], 1, 1.5), dOut: randomValues([tokens, hidden], 2) };
}

function forward({ lengths, heads, dropout }: Case, qkv: Tensor) {
  const rows = rowsOf(lengths, qkv.shape[0] ?? 0);
  const tokens = rows.rowStart[lengths.length] ?? 0;
  return { rows, tokens, ...attention(qkv, rows, { tokens, heads, dropout }) };
}

function bothWays(one: Case, { qkv, dOut }: { qkv: Values; dOut: Values }, spare: number): Record<string, Tensor> {
  const capacity = (qkv.shape[0] ?? 0) + spare;
  const input = toCapacity(qkv, capacity);
  const { rows, tokens, out, lse } = forward(one, input);
  const options = { tokens, heads: one.heads, dropout: one.dropout };
  const dQkv = attentionGradient(toCapacity(dOut, capacity), { qkv: input, out, lse }, rows, options);
  return { out, lse, dQkv };
}

describe("attention", () => {
  it.each(cases)("agrees on every backend: $name, $kind", async (one) => {
    const values = valuesOf(one);
    const all = await computeOnPlainOnes(() => bothWays(one, values, 0));
    expectAgreement(all);
    expectSameBits(await computeOn("webgpu", () => bothWays(one, values, 7)), all.webgpu);
    if (!TILED.includes(one.headSize)) return;
    const gpu = await computeOn("gpu", () => bothWays(one, values, 0));
    expectAgreement({ cpu: all.cpu, gpu });
    expectSameBits(await computeOn("gpu", () => bothWays(one, values, 7)), gpu);
  });

  it.each(cases)("has the gradient that differences give: $name, $kind", async (one) => {
    const values = valuesOf(one);
    const kernels = TILED.includes(one.headSize) ? (["webgpu", "gpu"] as const) : (["webgpu"] as const);
    const loss = () => weightedSum(() => forward(one, toTensor(values.qkv)).out, values.dOut);
    // Plain loops take long for long rows.
    const most = Math.max(...one.lengths) > 100 ? 4 : 48;
    for (const kind of kernels) {
      const { dQkv } = await computeOn(kind, () => bothWays(one, values, 0));
      await expectGradient(dQkv, values.qkv, loss, `dQkv on ${kind}`, most);
    }
  });

  it.each(["webgpu", "gpu"] as const)(
    "keeps rows apart: a row's numbers are those of the row alone, %s",
    async (kind) => {
      const one = { name: "", kind: "", lengths: [4, 38], heads: 2, headSize: 4, dropout: NO_DROPOUT };
      const { qkv, dOut } = valuesOf(one);
      const both = await computeOn(kind, () => bothWays(one, { qkv, dOut }, 0));
      const second = (values: Values) => ({
        shape: [38, values.shape[1] ?? 0],
        values: values.values.slice(4 * (values.shape[1] ?? 0)),
      });
      const alone = await computeOn(kind, () => {
        return bothWays({ ...one, lengths: [38] }, { qkv: second(qkv), dOut: second(dOut) }, 0);
      });
      const ofSecond = { out: both.out?.slice(4 * 8), lse: both.lse?.slice(4 * 2), dQkv: both.dQkv?.slice(4 * 24) };
      expectSameBits(ofSecond as Numbers, alone);
    },
  );

  it("has the same bits in many dispatches as in one", async () => {
    const one = { name: "", kind: "", lengths: [70, 3, 40], heads: 2, headSize: 128, dropout: NO_DROPOUT };
    const values = valuesOf(one);
    const whole = await computeOn("gpu", () => bothWays(one, values, 0));
    for (const parts of [2, 64]) {
      vi.spyOn(runningGpu(), "partsFor").mockReturnValue(parts);
      const dispatch = vi.spyOn(runningGpu(), "dispatch");
      expectSameBits(await computeOn("gpu", () => bothWays(one, values, 0)), whole);
      expect(dispatch.mock.calls.length).toBeGreaterThanOrEqual(6);
      vi.restoreAllMocks();
    }
  });

  it("stays finite where scores are far apart", async () => {
    const one = { name: "", kind: "", lengths: [5], heads: 1, headSize: 4, dropout: NO_DROPOUT };
    const values = valuesOf(one);
    values.qkv.values.forEach((value, i) => (values.qkv.values[i] = 40 * value));
    const all = await computeOnAll(() => bothWays(one, values, 0));
    for (const backend of BACKENDS) {
      // Gradients cancel to almost nothing here, so only their being numbers is looked at.
      expectNear(all[backend].out, all.cpu.out ?? new Float32Array(0), 1e-4, `out on ${backend}`);
      expect(all[backend].dQkv?.every(Number.isFinite), backend).toBe(true);
    }
  });

  it("drops other probabilities at another key, and by about the rate", async () => {
    const one = { name: "", kind: "", lengths: [64], heads: 2, headSize: 4, dropout: NO_DROPOUT };
    const { qkv } = valuesOf(one);
    // With equal scores and values of 1, an output is the kept share over 1 - rate.
    qkv.values.forEach((_, i) => (qkv.values[i] = i % 24 < 16 ? 0 : 1));
    const outputs = async (step: number, site: number) => {
      const dropout = { rate: 0.3, key: dropoutKey(42, step, 0, site) };
      const { out } = await computeOn("webgpu", () => ({ out: forward({ ...one, dropout }, toTensor(qkv)).out }));
      return out ?? new Float32Array(0);
    };
    const first = await outputs(0, 1);
    expect([...first]).toEqual([...(await outputs(0, 1))]);
    expect([...first]).not.toEqual([...(await outputs(1, 1))]);
    expect([...first]).not.toEqual([...(await outputs(0, 4))]);
    expect(first.reduce((a, b) => a + b, 0) / first.length).toBeCloseTo(1, 1);
    expect(Math.min(...first)).toBeLessThan(0.95);
  });
});

describe("attention of more than 2¹⁹ queries and heads", () => {
  // 512 tokens of 1,024 heads are 2¹⁹: from there on a mask must not begin anew.
  const lengths = new Array<number>(130).fill(4);
  const far: Case = {
    name: "far",
    kind: "",
    lengths,
    heads: 1024,
    headSize: 4,
    dropout: dropouts[1]?.dropout ?? NO_DROPOUT,
  };

  it("drops other scores there than at its beginning, on every backend the same ones", async () => {
    const { qkv, dOut } = valuesOf(far);
    // All rows alike, so that masks alone tell them apart.
    for (const { shape, values } of [qkv, dOut]) {
      const row = 4 * (shape[1] ?? 0);
      for (let at = row; at < values.length; at += row) values.copyWithin(at, 0, row);
    }
    // The kernels for GPUs have the same function of the mask, and would take minutes.
    const all = await computeOnPlainOnes(() => bothWays(far, { qkv, dOut }, 0));
    expectAgreement(all);
    for (const [backend, numbers] of Object.entries(all)) {
      for (const [name, width] of [
        ["out", 4096],
        ["dQkv", 3 * 4096],
      ] as const) {
        const values = numbers[name] ?? new Float32Array(0);
        const [first, later] = [values.slice(0, 4 * width), values.slice(512 * width, 516 * width)];
        const differ = first.reduce((sum, value, i) => sum + (value === later[i] ? 0 : 1), 0);
        expect(differ / first.length, `${backend}, ${name}`).toBeGreaterThan(0.5);
      }
    }
  });
});
