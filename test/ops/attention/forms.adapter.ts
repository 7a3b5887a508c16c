import { setBackend, tidy } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { startNodeBackend } from "../../../src/cli/node-backend.ts";
import { readTensors } from "../../../src/gpu/read-back.ts";
import { runningGpu } from "../../../src/gpu/running.ts";
import { expectNear } from "../numbers.ts";
import { bothWays, cases, titleOf, valuesOf, type Case } from "./forms.ts";

// The kernels for GPUs against plain loops, for all forms of attention and more sizes of heads.

beforeAll(async () => {
  const { backend, adapter } = await startNodeBackend("webgpu");
  expect(backend).toBe("webgpu");
  runningGpu().kernels = "gpu";
  console.error(adapter);
});

async function computeOn(backend: "cpu" | "webgpu", one: Case): Promise<Map<string, Float32Array>> {
  await setBackend(backend);
  const values = valuesOf(one);
  const results = tidy(() => bothWays(one, values));
  const read = await readTensors(Object.values(results));
  for (const held of Object.values(results)) held.dispose();
  return new Map(Object.keys(results).map((name, i) => [name, read[i] ?? new Float32Array(0)]));
}

describe.each([4, 26, 64, 130])("forms of attention, heads of %i", (headSize) => {
  const some = cases
    .filter(({ lengths, rate }) => lengths.includes(70) && rate > 0)
    .map((one) => ({ ...one, headSize }));
  it.each(some.map((one) => [titleOf(one), one] as const))("%s", async (_, one) => {
    const [expected, found] = [await computeOn("cpu", one), await computeOn("webgpu", one)];
    expect([...found.keys()]).toEqual([...expected.keys()]);
    for (const [name, values] of expected) expectNear(found.get(name), values, 2e-5, name);
  });
});
