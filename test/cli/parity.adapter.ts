import { fileURLToPath } from "node:url";
import { beforeAll, expect, it } from "vitest";
import { create, globals } from "webgpu";
import { checkParity, withinTolerance } from "../../src/cli/parity/check.ts";
import { startBackend } from "../../src/gpu/backend.ts";
import { runningGpu } from "../../src/gpu/running.ts";

const tiny = fileURLToPath(new URL("../reference/tiny", import.meta.url));

beforeAll(async () => {
  Object.assign(globalThis, globals);
  const navigator = { gpu: create(["enable-dawn-features=allow_unsafe_apis"]), userAgent: "node" };
  Object.defineProperty(globalThis, "navigator", { value: navigator, configurable: true });
  await startBackend("webgpu", { wasmPaths: "", wasmThreads: 1 });
});

it.each(["software", "gpu"] as const)("steps in mixed precision are near PyTorch's, kernels: %s", async (kernels) => {
  runningGpu().kernels = kernels;
  expect(runningGpu().mixes).toBe(true);
  const worst = await checkParity(tiny, () => undefined, "mixed");
  expect(withinTolerance(worst, "mixed"), JSON.stringify(worst)).toBe(true);
  // It did round: steps in float32 are nearer.
  expect(worst.gradients).toBeGreaterThan(1e-4);
  expect(runningGpu().precision).toBe("float32");
});
