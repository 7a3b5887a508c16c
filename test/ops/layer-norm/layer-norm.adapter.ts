import { beforeAll, describe, expect, it } from "vitest";
import { create, globals } from "webgpu";
import { startBackend } from "../../../src/gpu/backend.ts";
import { addAndNorm, addAndNormGradient } from "../../../src/ops/layer-norm/layer-norm.ts";
import { computeOn } from "../backends.ts";
import { expectAgreement, expectSameBits, toTensor } from "../numbers.ts";
import { epsilon, layerNormCases, layerNormValues, onBranch, onOutput, withDropouts } from "./cases.ts";

beforeAll(async () => {
  Object.assign(globalThis, globals);
  Object.defineProperty(globalThis, "navigator", { value: { gpu: create([]), userAgent: "node" }, configurable: true });
  const { backend, adapter } = await startBackend("webgpu", { wasmPaths: "", wasmThreads: 1 });
  expect(backend).toBe("webgpu");
  console.error(adapter);
});

/** Beside the shapes of the browser's tests, those of checkpoints: rows that each thread reads several times. */
const cases = [
  ...layerNormCases,
  ...withDropouts([
    { name: "a small encoder", tokens: 301, hidden: 312 },
    { name: "MiniLM", tokens: 259, hidden: 384 },
    { name: "a base model", tokens: 130, hidden: 768 },
    { name: "a large one", tokens: 67, hidden: 1024 },
    { name: "twos above one workgroup", tokens: 35, hidden: 770 },
    { name: "an odd size above one workgroup", tokens: 9, hidden: 515 },
    { name: "many tokens", tokens: 2051, hidden: 64 },
  ]),
];

describe.each([
  ["add and norm", onBranch],
  ["norm and drop", onOutput],
] as const)("%s", (_, compute) => {
  it.each(cases)("agrees with plain loops, the same bits in any room: $name, $kind", async (one) => {
    const values = layerNormValues(one);
    const found = async (spare: number) => ({
      webgpu: await computeOn("webgpu", () => compute(one, values, spare)),
      gpu: await computeOn("gpu", () => compute(one, values, spare)),
    });
    const exact = await found(0);
    expectAgreement({ cpu: await computeOn("cpu", () => compute(one, values, 0)), ...exact }, 5e-5);
    const roomy = await found(5);
    for (const kind of ["webgpu", "gpu"] as const) expectSameBits(roomy[kind], exact[kind]);
  });
});

it.each(cases)("does not need its parameters' gradients for the others: $name, $kind", async (one) => {
  const values = layerNormValues(one);
  const { tokens, dropout } = one;
  const below = (wantsParameters: boolean) => {
    const [x, branch, scale, dy] = [values.x, values.branch, values.gamma, values.dy].map(toTensor);
    if (!x || !branch || !scale || !dy) throw new Error("Four tensors are made.");
    const saved = addAndNorm(x, branch, scale, toTensor(values.beta), { tokens, epsilon, dropout });
    const { dx, dBranch, parameters } = addAndNormGradient(dy, saved, scale, { tokens, dropout, wantsParameters });
    expect(parameters !== null).toBe(wantsParameters);
    return { dx, dBranch };
  };
  for (const kind of ["webgpu", "gpu"] as const)
    expectSameBits(await computeOn(kind, () => below(false)), await computeOn(kind, () => below(true)));
});
