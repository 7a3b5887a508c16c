import { env, registerBackend, removeBackend, findBackendFactory, getBackend, setBackend } from "@tensorflow/tfjs-core";
import { setThreadsCount, setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import "@tensorflow/tfjs-backend-cpu";
import "@tensorflow/tfjs-backend-webgpu/dist/flags_webgpu.js";
import { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu/dist/backend_webgpu.js";
import { Problem } from "../problem/problem.ts";
import { adapterName, findAdapter, isSoftware, openDevice } from "./adapter.ts";
import { GpuDevice } from "./gpu-device.ts";
import type { WasmThreadOptions } from "./host-device.ts";
import { runningWasm, setDevice } from "./running.ts";
import type { WebGpuInternals } from "./tfjs-internals.ts";

export type BackendChoice = "auto" | "webgpu" | "wasm" | "cpu";

/** Where the tensors live, and why there. */
export interface BackendInfo {
  backend: "webgpu" | "wasm" | "cpu";
  /** E.g. "Apple M2", "SwiftShader (software)", "SIMD, 3 threads". */
  adapter: string;
  /** One sentence, e.g. "No GPU was found: training on the processor, slower." */
  reason: string;
}

/** How to start the backends where the page or the command line runs. */
export interface BackendOptions {
  /** Addresses of the three wasm files, or the folder they are in (with a slash at its end). */
  wasmPaths: Parameters<typeof setWasmPaths>[0];
  /** Threads for wasm; more than one needs a cross-origin isolated page, and `startThread`. */
  wasmThreads: number;
  /** Lets the page start a thread of `ops/wasm-thread.worker.ts`, which is sent `start`. */
  startThread?: WasmThreadOptions["start"];
  /** Called when the GPU is lost (driver reset, tab out of memory); the run cannot go on. */
  onDeviceLost?: (message: string) => void;
  /** Lets a benchmark wrap the device before anything uses it. */
  wrapDevice?: (device: GPUDevice) => GPUDevice;
  /** Most bytes that a shader binds at once, where it should be less than the GPU allows: to test tables bound in parts. */
  bindingLimit?: number;
}

/** A backend that has started beside the current one. */
export interface OpenedBackend {
  info: BackendInfo;
  /** True where the backend that runs already is the one chosen, and keeps its tensors. */
  isSame: boolean;
  /** Makes it the current one. The GPU of a webgpu backend that is not current any more is freed. */
  makeCurrent: () => Promise<void>;
  /** Frees what was started. */
  close: () => void;
}

/**
 * Starts the chosen backend and makes it the current one; "auto" is webgpu on a hardware adapter and wasm without one.
 * The stock webgpu kernels are not loaded: a stock op on webgpu throws instead of running slowly.
 *
 * @throws Problem when "webgpu" was chosen and there is no adapter
 */
export async function startBackend(choice: BackendChoice, options: BackendOptions): Promise<BackendInfo> {
  const opened = await openBackend(choice, options, null);
  await opened.makeCurrent();
  return opened.info;
}

/**
 * Starts a backend beside the current one, which stays the current one until `makeCurrent`, and when this throws.
 *
 * @param running the backend that runs, if it need not be started again where it is the one chosen
 */
export async function openBackend(
  choice: BackendChoice,
  options: BackendOptions,
  running: BackendInfo | null,
): Promise<OpenedBackend> {
  const adapter = choice === "auto" || choice === "webgpu" ? await findAdapter() : null;
  if (choice === "webgpu" && !adapter) {
    throw new Problem({
      found: "No WebGPU adapter was found.",
      expected: "You chose WebGPU.",
      remedy: "Choose “Automatic” or “Processor (wasm)”, or use a browser with WebGPU switched on.",
    });
  }
  const onGpu = adapter !== null && (choice === "webgpu" || !isSoftware(adapter.info));
  const backend = onGpu ? "webgpu" : choice === "cpu" ? "cpu" : "wasm";
  const reason = reasonFor(choice, backend, adapter);
  if (running?.backend === backend) {
    return { info: { ...running, reason }, isSame: true, makeCurrent: () => Promise.resolve(), close: () => undefined };
  }
  const before = getBackend();
  try {
    const name = onGpu ? await startWebGpu(adapter, options) : await startOnProcessor(backend, options);
    return { info: { backend, adapter: name, reason }, isSame: false, makeCurrent: () => makeCurrent(backend), close };
  } catch (error) {
    // A backend that failed half-way would stay the current one.
    if (before !== backend) close();
    throw error;
  } finally {
    await backTo(before, backend);
  }

  function close(): void {
    if (backend === "webgpu" && findBackendFactory("webgpu")) removeBackend("webgpu");
  }
}

/**
 * Runs `work` on wasm beside the current backend, which is the current one again afterwards; `work` gets a description of
 * the processor's backend.
 *
 * @throws Problem where wasm cannot run here
 */
export async function onWasm<T>(options: BackendOptions, work: (processor: string) => Promise<T>): Promise<T> {
  const before = getBackend();
  try {
    return await work(await startOnProcessor("wasm", options));
  } finally {
    await backTo(before, "wasm");
  }
}

/** Returns the adapter's name. */
async function startWebGpu(adapter: GPUAdapter, options: BackendOptions): Promise<string> {
  const { backend, info } = await openGpu(adapter, options);
  if (findBackendFactory("webgpu")) removeBackend("webgpu");
  registerBackend("webgpu", () => backend, 3);
  await use("webgpu");
  return adapterName(info) + (isSoftware(info) ? " (software)" : "");
}

/** Opens a device and makes tfjs's backend on it, which is not registered yet. */
export async function openGpu(
  adapter: GPUAdapter,
  { bindingLimit = Infinity, wrapDevice, onDeviceLost }: Partial<BackendOptions>,
): Promise<{ backend: WebGPUBackend; gpu: GpuDevice; info: GPUAdapterInfo }> {
  const { device, info } = await openDevice(adapter, bindingLimit);
  void device.lost.then((lost) => {
    if (lost.reason !== "destroyed") onDeviceLost?.(lost.message);
  });
  const backend = new WebGPUBackend(wrapDevice?.(device) ?? device, info);
  const gpu = new GpuDevice(backend as unknown as WebGpuInternals, info);
  gpu.limitBindings(bindingLimit);
  setDevice(backend, gpu);
  await gpu.measureAnswers();
  return { backend, gpu, info };
}

/** Returns a description of the processor's backend for people. */
async function startOnProcessor(backend: BackendInfo["backend"], options: BackendOptions): Promise<string> {
  if (backend === "cpu") {
    await use("cpu");
    return "plain JavaScript";
  }
  if (!(await env().getAsync("WASM_HAS_SIMD_SUPPORT"))) {
    throw new Problem({
      found: "This browser's WebAssembly has no SIMD.",
      expected: "Training on the processor needs it: without, it would take ten times as long.",
      remedy: "Use a browser from 2023 or later.",
    });
  }
  setWasmPaths(options.wasmPaths);
  // tfjs's own threads would serve its matrix products alone, and ours take their place.
  setThreadsCount(1);
  await use("wasm");
  const { startThread: start = () => undefined, wasmThreads: asked } = options;
  const device = runningWasm();
  const count = options.startThread && device.isShared ? Math.max(1, asked) : 1;
  device.threads = { count, start };
  return wasmName(count);
}

/** The wasm backend with this number of threads, for people. */
export function wasmName(threads: number): string {
  return `SIMD, ${threads} ${threads === 1 ? "thread" : "threads"}`;
}

function reasonFor(choice: BackendChoice, backend: BackendInfo["backend"], adapter: GPUAdapter | null): string {
  if (backend === "cpu") return "Chosen by hand: for checks on tiny models only.";
  if (choice !== "auto") return "Chosen by hand.";
  if (backend === "webgpu") return "A GPU was found.";
  return adapter
    ? "Only a software GPU was found, which is slower than the processor itself: training on the processor."
    : "No GPU was found: training on the processor, slower.";
}

/** Makes a backend the current one; starts it if it has not started. */
async function use(name: string): Promise<void> {
  if (!(await setBackend(name))) {
    throw new Problem({
      found: `The backend ${name} did not start.`,
      expected: "It was expected to start in this browser.",
      remedy: "Reload the page while the server can be reached, or choose another backend.",
    });
  }
}

/** Makes the backend before the current one again; where there was none, or it was replaced, nothing is done. */
async function backTo(before: string | null | undefined, started: string): Promise<void> {
  if (before && before !== started && findBackendFactory(before)) await setBackend(before);
}

async function makeCurrent(backend: BackendInfo["backend"]): Promise<void> {
  await use(backend);
  if (backend !== "webgpu" && findBackendFactory("webgpu")) removeBackend("webgpu");
}
