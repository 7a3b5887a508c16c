import type { Tensor } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { uploadBatch } from "../../../src/ops/device-batch.ts";
import { embeddingGradient, embeddingSum } from "../../../src/ops/embedding/embedding.ts";
import { randomBatch } from "../batches.ts";
import { computeOn, computeOnAll, startBackends } from "../backends.ts";
import { expectGradient, weightedSum } from "../differences.ts";
import { expectAgreement, expectSameBits, randomValues, toCapacity, toTensor, type Values } from "../numbers.ts";

beforeAll(async () => {
  await startBackends();
});

const shapes = [
  { name: "1 token", lengths: [1], word: 8, position: 4, hidden: 4 },
  { name: "odd vocabulary, odd T", lengths: [3, 1, 5], word: 997, position: 6, hidden: 8 },
  { name: "a hidden size of 12", lengths: [2, 4], word: 11, position: 5, hidden: 12 },
  { name: "a hidden size of twos", lengths: [2, 4], word: 11, position: 5, hidden: 26 },
  { name: "an odd hidden size", lengths: [2, 4], word: 11, position: 5, hidden: 7 },
  { name: "tokens that repeat", lengths: [9, 9, 9], word: 3, position: 9, hidden: 4 },
  { name: "a row of maximum length", lengths: [512], word: 31, position: 512, hidden: 4 },
];
type Case = (typeof shapes)[number];

interface Tables {
  word: Values;
  position: Values;
  type: Values;
  dy: Values;
}

function valuesOf({ lengths, word, position, hidden }: Case): Tables {
  const tokens = lengths.reduce((a, b) => a + b, 0);
  return {
    word: randomValues([word, hidden], 1),
    position: randomValues([position, hidden], 2),
    type: randomValues([2, hidden], 3),
    dy: randomValues([tokens, hidden], 4),
  };
}

function bothWays(one: Case, values: Tables, spare: number, hasTypes = true): Record<string, Tensor> {
  const tokens = values.dy.shape[0] ?? 0;
  const sizes = { word: one.word, position: one.position, type: hasTypes ? 2 : 0 };
  const room = { tokens: tokens + spare, rows: one.lengths.length + spare };
  const batch = uploadBatch(randomBatch(one.lengths, { ...sizes, type: 2 }, 5), room, sizes, "training");
  if (!batch.groupings) throw new Error("A batch for training has groupings.");
  const { word, position, type } = batch.groupings;
  const tables = {
    word: toTensor(values.word),
    position: toTensor(values.position),
    type: hasTypes ? toTensor(values.type) : null,
  };
  const dy = toCapacity(values.dy, room.tokens);
  return {
    y: embeddingSum(tables, batch.tokenTable, batch.tokenNumbers, batch.tokens),
    dWord: embeddingGradient(dy, word),
    ...(position && { dPosition: embeddingGradient(dy, position) }),
    ...(type && { dType: embeddingGradient(dy, type) }),
  };
}

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
