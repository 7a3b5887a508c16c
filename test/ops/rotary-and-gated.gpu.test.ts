import { beforeAll, describe, expect, it } from "vitest";
import { gated, gatedGradient } from "../../src/ops/gated/gated.ts";
import { rotate, uploadRotary } from "../../src/ops/rotary/rotary.ts";
import { computeOnPlainOnes, startBackends } from "./backends.ts";
import { rowsOf } from "./batches.ts";
import { expectGradient, weightedSum } from "./differences.ts";
import { expectAgreement, randomValues, toCapacity, toTensor, type Values } from "./numbers.ts";

beforeAll(async () => {
  await startBackends();
});

const shapes = [
  { lengths: [1], heads: 1, headSize: 2 },
  { lengths: [3, 1, 9], heads: 3, headSize: 14 },
  { lengths: [70, 2], heads: 2, headSize: 64 },
];

describe.each(shapes)("rotary positions of rows $lengths, heads of $headSize", ({ lengths, heads, headSize }) => {
  const tokens = lengths.reduce((a, b) => a + b, 0);
  const qkv = randomValues([tokens, 3 * heads * headSize], 1);
  const dy = randomValues([tokens, 3 * heads * headSize], 2);
  const turned = (values: Values, back: boolean, spare = 0) => {
    const x = toCapacity(values, tokens + spare);
    const [rotary] = uploadRotary({ bases: [10_000], headSize }, Math.max(...lengths));
    if (!rotary) throw new Error("There is no table.");
    rotate(x, rotary, { ...rowsOf(lengths, tokens + spare), tokens }, { heads, back });
    return x;
  };

  it("agree on every backend, and turn back", async () => {
    const all = await computeOnPlainOnes(() => ({ y: turned(qkv, false), dx: turned(dy, true) }));
    expectAgreement(all);
    const { y = new Float32Array(0) } = all.cpu;
    // Lengths stay, values do not, and the first token of a row has no angle.
    expect([...y.subarray(0, 3 * heads * headSize)]).toEqual([...qkv.values.subarray(0, 3 * heads * headSize)]);
    const back = await computeOnPlainOnes(() => ({ x: turned({ ...qkv, values: y }, true) }));
    expectAgreement({ ...back, cpu: { x: qkv.values } });
  });

  it("have the gradient that differences give", async () => {
    const { dx } = await computeOnPlainOnes(() => ({ dx: turned(dy, true) })).then(({ webgpu }) => webgpu);
    await expectGradient(dx, qkv, () => weightedSum(() => turned(qkv, false), dy), "dqkv", 16);
  });
});

describe.each([
  [1, 1],
  [5, 7],
  [33, 64],
])("a gated activation of %i tokens, %i numbers each", (tokens, inner) => {
  const z = randomValues([tokens, 2 * inner], 1, 2);
  const dy = randomValues([tokens, inner], 2);

  it.each(["gelu", "gelu_new", "relu"] as const)(
    "with %s agrees, and has the gradient of differences",
    async (kind) => {
      const all = await computeOnPlainOnes(() => ({
        y: gated(toTensor(z), kind, tokens),
        dz: gatedGradient(toTensor(dy), toTensor(z), kind, tokens),
      }));
      expectAgreement(all);
      if (kind === "relu") return;
      await expectGradient(all.webgpu.dz, z, () => weightedSum(() => gated(toTensor(z), kind, tokens), dy), "dz", 24);
    },
  );
});
