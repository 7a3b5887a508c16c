import { beforeAll, expect, it } from "vitest";
import { nodeBackendOptions, startNodeBackend } from "../../src/cli/node-backend.ts";
import { onWasm } from "../../src/gpu/backend.ts";
import { runningGpu } from "../../src/gpu/running.ts";
import { PRODUCTS, TILES_OF } from "../../src/ops/linear/tiles.ts";
import { faultOfForms } from "../../src/run/self-test.ts";

// What the self-test sees of attention by matrices of subgroups, on an adapter that has them.

/** Whether attention loses the sums of all matrices but the last. */
let isWrong = false;

function wrongInAttention(device: GPUDevice): GPUDevice {
  const createModule = device.createShaderModule.bind(device);
  device.createShaderModule = ({ label = "", code, ...rest }) => {
    const wrong = isWrong && label.startsWith("attention");
    return createModule({
      ...rest,
      label,
      code: wrong ? code.replace("columns, own[j])", "columns, result())") : code,
    });
  };
  return device;
}

beforeAll(async () => {
  const { backend, adapter } = await startNodeBackend("webgpu", { wrapDevice: wrongInAttention });
  expect(backend).toBe("webgpu");
  console.error(adapter, runningGpu().matrices);
});

it("attention by matrices that is wrong ends them, and mixed precision; with right ones both stay", async () => {
  const gpu = runningGpu();
  gpu.kernels = "gpu";
  const store = { read: () => Promise.resolve(undefined), write: () => Promise.resolve() };
  const tile = TILES_OF.mixed.find(({ matrices }) => matrices !== undefined)?.name ?? "";
  const speeds = PRODUCTS.map((product) => ({ tile, product, size: "small" as const, gflops: 1 }));
  const fault = () => faultOfForms(store, "mixed", (work) => onWasm(nodeBackendOptions(), work));
  gpu.tileSpeeds = speeds;
  expect(await fault()).toBeNull();
  expect([gpu.mixes, gpu.tileSpeeds]).toEqual([true, speeds]);
  isWrong = true;
  await startNodeBackend("webgpu", { wrapDevice: wrongInAttention });
  const wrong = runningGpu();
  wrong.kernels = "gpu";
  wrong.tileSpeeds = speeds;
  expect(await fault()).toContain("in mixed precision and by matrices gave other numbers than on the processor");
  expect([wrong.mixes, wrong.matrices, wrong.tileSpeeds]).toEqual([false, null, []]);
});
