import { createRequire } from "node:module";
import { dirname } from "node:path";
import { setFlagsFromString } from "node:v8";
import { startBackend, type BackendChoice, type BackendInfo } from "../gpu/backend.ts";
import { hasRelaxedSimd } from "../ops/kernel-module.ts";

/** Starts a backend in Node: WebGPU comes from the package `webgpu` (Dawn), wasm has one thread here. */
export async function startNodeBackend(
  choice: BackendChoice,
  wrapDevice?: (device: GPUDevice) => GPUDevice,
): Promise<BackendInfo> {
  if (choice === "webgpu" || choice === "auto") await provideWebGpu();
  // Node 20 has relaxed SIMD behind this flag; from Node 21 on it needs none.
  if (!hasRelaxedSimd()) setFlagsFromString("--experimental-wasm-relaxed-simd");
  const require = createRequire(import.meta.url);
  const wasmFolder = dirname(require.resolve("@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm.wasm"));
  return startBackend(choice, { wasmPaths: `${wasmFolder}/`, wasmThreads: 1, ...(wrapDevice && { wrapDevice }) });
}

let gpu: GPU | null = null;

/** Makes Dawn's WebGPU this process's `navigator.gpu`: one for all devices, since they do not outlive their Dawn. */
export async function provideWebGpu(): Promise<void> {
  const { create, globals } = await import("webgpu");
  Object.assign(globalThis, globals);
  gpu ??= create([]);
  Object.defineProperty(globalThis, "navigator", { value: { gpu, userAgent: "node" }, configurable: true });
}
