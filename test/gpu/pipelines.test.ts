import { beforeAll, expect, it, vi } from "vitest";
import { GpuDevice } from "../../src/gpu/gpu-device.ts";
import type { Program } from "../../src/gpu/program.ts";
import type { WebGpuInternals } from "../../src/gpu/tfjs-internals.ts";

beforeAll(() => {
  vi.stubGlobal("GPUShaderStage", { COMPUTE: 4 });
});

/** A GPU whose compiler answers when it is let, and what it was asked for. */
function fakeGpu() {
  const compiling: { label: string; end: () => void; fail: () => void }[] = [];
  const device = {
    limits: { maxStorageBufferBindingSize: 2 ** 27, maxBufferSize: 2 ** 28 },
    features: new Set<string>(),
    addEventListener: () => undefined,
    createShaderModule: () => ({}),
    createBindGroupLayout: () => ({}),
    createPipelineLayout: () => ({}),
    createComputePipelineAsync: ({ label = "" }: { label?: string }) =>
      new Promise((resolve, reject) => {
        compiling.push({ label, end: () => resolve({}), fail: () => reject(new Error("It does not compile.")) });
      }),
  };
  const gpu = new GpuDevice(
    { device, queue: {}, disposeData: () => true } as unknown as WebGpuInternals,
    {} as GPUAdapterInfo,
  );
  return { gpu, compiling };
}

const program = (name: string): Program => ({ name, wgsl: "@compute fn main() {}" });
const programs = ["a", "b", "c"].map(program);
const goOn = () => true;

it("compiles all programs at once, and says how many are done", async () => {
  const { gpu, compiling } = fakeGpu();
  const onProgress = vi.fn();
  const compiled = gpu.compile(programs, onProgress, goOn);
  expect(compiling.map(({ label }) => label)).toEqual(["a{}", "b{}", "c{}"]);
  for (const { end } of compiling) end();
  await compiled;
  expect(onProgress.mock.calls).toEqual([0, 1, 2, 3].map((done) => [done, 3]));
});

it("compiles nothing twice, and says nothing where all is there", async () => {
  const { gpu, compiling } = fakeGpu();
  const first = gpu.compile(programs, () => undefined, goOn);
  for (const { end } of compiling) end();
  await first;
  const onProgress = vi.fn();
  await gpu.compile(programs, onProgress, goOn);
  expect(onProgress).not.toHaveBeenCalled();
  const more = gpu.compile([...programs, program("d")], onProgress, goOn);
  expect(compiling.map(({ label }) => label)).toEqual(["a{}", "b{}", "c{}", "d{}"]);
  compiling.at(-1)?.end();
  await more;
  expect(onProgress.mock.calls).toEqual([0, 1].map((done) => [done, 1]));
});

it("does not wait for the others when it is stopped", async () => {
  const { gpu, compiling } = fakeGpu();
  let stops = false;
  const compiled = gpu.compile(
    programs,
    () => undefined,
    () => !stops,
  );
  stops = true;
  compiling[1]?.end();
  await compiled;
  expect(compiling).toHaveLength(3);
});

it("leaves a program that does not compile to its first use", async () => {
  const { gpu, compiling } = fakeGpu();
  const compiled = gpu.compile(programs, () => undefined, goOn);
  compiling[0]?.fail();
  for (const { end } of compiling.slice(1)) end();
  await compiled;
  void gpu.compile(programs, () => undefined, goOn);
  expect(compiling.map(({ label }) => label)).toEqual(["a{}", "b{}", "c{}", "a{}"]);
});
