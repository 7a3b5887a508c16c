import { beforeAll, describe, it } from "vitest";
import { activate } from "../../../src/ops/activation/activation.ts";
import { gradientThroughActivation } from "../../../src/ops/activation/through.ts";
import { computeOn, computeOnAll, startBackends } from "../backends.ts";
import { expectGradient } from "../differences.ts";
import { expectAgreement, expectSameBits, randomValues, toCapacity } from "../numbers.ts";

beforeAll(async () => {
  await startBackends();
});

describe("the gradient through an activation", () => {
  it.each(["gelu", "gelu_new", "relu", "tanh", "none"] as const)("is the slope's: %s", async (activation) => {
    const z = randomValues([23, 7], 1, 3);
    const dy = randomValues([23, 7], 2);
    const through = (spare: number) => ({
      dz: gradientThroughActivation(toCapacity(dy, 23 + spare), toCapacity(z, 23 + spare), activation, 23 * 7),
    });
    const all = await computeOnAll(() => through(0));
    expectAgreement(all);
    expectSameBits(await computeOn("webgpu", () => through(3)), all.webgpu);
    const loss = () => z.values.reduce((sum, value, i) => sum + (dy.values[i] ?? 0) * activate(activation, value), 0);
    await expectGradient(all.webgpu.dz, z, loss, "dz");
  });
});
