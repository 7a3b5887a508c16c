import { beforeAll, expect, it } from "vitest";
import { startNodeBackend } from "../../src/cli/node-backend.ts";
import { runningGpu } from "../../src/gpu/running.ts";
import { trainedSteeply } from "./large-gradients.ts";

beforeAll(async () => {
  const { backend, adapter } = await startNodeBackend("webgpu");
  expect(backend).toBe("webgpu");
  expect(runningGpu().mixes).toBe(true);
  console.error(adapter);
});

it.each([1, 1e6])("a loss with gradients times %d trains in mixed precision as in float32", async (factor) => {
  const [mixed, plain] = [await trainedSteeply("mixed", factor), await trainedSteeply("float32", factor)];
  for (const [step, loss] of plain.losses.entries()) {
    expect((mixed.losses[step] ?? NaN) / loss, `loss of step ${step}`).toBeCloseTo(1, 2);
    expect((mixed.norms[step] ?? NaN) / (plain.norms[step] ?? NaN), `norm of step ${step}`).toBeCloseTo(1, 1);
  }
  expect(mixed.norms).not.toEqual(plain.norms);
});
