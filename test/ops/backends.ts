import wasmUrl from "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm.wasm?url";
import simdUrl from "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-simd.wasm?url";
import threadedUrl from "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.wasm?url";
import { setBackend, tidy, type Tensor } from "@tensorflow/tfjs-core";
import { startBackend, type BackendInfo, type BackendOptions } from "../../src/gpu/backend.ts";
import { GpuDevice } from "../../src/gpu/gpu-device.ts";
import { runningDevice } from "../../src/gpu/running.ts";
import { readTensors } from "../../src/gpu/read-back.ts";

/** "webgpu" has the kernels for software adapters, "gpu" those for GPUs on the same adapter. */
export const BACKENDS = ["cpu", "wasm", "webgpu", "gpu"] as const;
export type BackendName = (typeof BACKENDS)[number];

/** Plain numbers of named tensors. */
export type Numbers = Record<string, Float32Array>;

/** How the page of a GPU test starts its backends. */
export const backendOptions: BackendOptions = {
  wasmPaths: {
    "tfjs-backend-wasm.wasm": wasmUrl,
    "tfjs-backend-wasm-simd.wasm": simdUrl,
    "tfjs-backend-wasm-threaded-simd.wasm": threadedUrl,
  },
  wasmThreads: 1,
};

/** Starts wasm and webgpu (cpu needs no start), so that `computeOn` may go from one to another. Fails without an adapter. */
export async function startBackends(): Promise<BackendInfo> {
  await startBackend("wasm", backendOptions);
  return startBackend("webgpu", backendOptions);
}

/** Runs `compute` on one backend and reads what it returns; all tensors it made are given back. */
export async function computeOn(backend: BackendName, compute: () => Record<string, Tensor>): Promise<Numbers> {
  await setBackend(backend === "gpu" ? "webgpu" : backend);
  const device = runningDevice();
  if (device instanceof GpuDevice) device.kernels = backend === "gpu" ? "gpu" : "software";
  const results = tidy(compute);
  const tensors = Object.values(results);
  const values = await readTensors(tensors);
  for (const held of tensors) held.dispose();
  return Object.fromEntries(Object.keys(results).map((name, i) => [name, values[i] ?? new Float32Array(0)]));
}

/** The same computation on every backend, cpu first. */
export async function computeOnAll(compute: () => Record<string, Tensor>): Promise<Record<BackendName, Numbers>> {
  return {
    ...(await computeOnPlainOnes(compute)),
    gpu: await computeOn("gpu", compute),
  };
}

/** The same without the kernels for GPUs, some of which take a software adapter seconds to compile. */
export async function computeOnPlainOnes(
  compute: () => Record<string, Tensor>,
): Promise<Record<Exclude<BackendName, "gpu">, Numbers>> {
  return {
    cpu: await computeOn("cpu", compute),
    wasm: await computeOn("wasm", compute),
    webgpu: await computeOn("webgpu", compute),
  };
}
