import { env, registerBackend, removeBackend, findBackendFactory, setBackend } from "@tensorflow/tfjs-core";
import { setThreadsCount, setWasmPaths, getThreadsCount } from "@tensorflow/tfjs-backend-wasm";
import "@tensorflow/tfjs-backend-cpu";
import "@tensorflow/tfjs-backend-webgpu/dist/flags_webgpu.js";
import { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu/dist/backend_webgpu.js";
import { Problem } from "../problem/problem.ts";
import { adapterName, findAdapter, isSoftware, openDevice } from "./device.ts";
import { watchErrors } from "./gpu-errors.ts";
import { limitBindings } from "./memory.ts";
import { resetPrograms } from "./program.ts";

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
  /** Threads for wasm; more than one needs a cross-origin isolated page. */
  wasmThreads: number;
  /** Called when the GPU is lost (driver reset, tab out of memory); the run cannot go on. */
  onDeviceLost?: (message: string) => void;
  /** Lets a benchmark wrap the device before anything uses it. */
  wrapDevice?: (device: GPUDevice) => GPUDevice;
  /** Bytes that a shader binds at once, where that shall be less than the GPU allows: a test of tables bound in parts. */
  bindingLimit?: number;
}

/**
 * Starts the backend asked for, "auto" being webgpu on a hardware adapter and else wasm.
 * The stock webgpu kernels are not loaded: a stock op on webgpu throws instead of running slowly.
 * Throws a Problem when "webgpu" was asked for and no adapter is there.
 */
export async function startBackend(choice: BackendChoice, options: BackendOptions): Promise<BackendInfo> {
  const adapter = choice === "auto" || choice === "webgpu" ? await findAdapter() : null;
  if (choice === "webgpu" && !adapter) {
    throw new Problem({
      found: "No WebGPU adapter was found.",
      expected: "Training on webgpu was asked for.",
      remedy: "Choose “automatic” or “wasm”, or use a browser with WebGPU switched on.",
    });
  }
  if (adapter && (choice === "webgpu" || !isSoftware(adapter.info))) return startWebGpu(adapter, choice, options);
  if (choice === "cpu") {
    await use("cpu");
    return { backend: "cpu", adapter: "plain JavaScript", reason: "Chosen by hand: for checks on tiny models only." };
  }
  return startWasm(reasonForWasm(choice, adapter), options);
}

async function startWebGpu(adapter: GPUAdapter, choice: BackendChoice, options: BackendOptions): Promise<BackendInfo> {
  const { bindingLimit = Infinity } = options;
  const { device, info } = await openDevice(adapter, bindingLimit);
  if (findBackendFactory("webgpu")) removeBackend("webgpu");
  resetPrograms();
  registerBackend("webgpu", () => new WebGPUBackend(options.wrapDevice?.(device) ?? device, info), 3);
  watchErrors(device);
  void device.lost.then((lost) => {
    if (lost.reason !== "destroyed") options.onDeviceLost?.(lost.message);
  });
  await use("webgpu");
  limitBindings(bindingLimit);
  const software = isSoftware(info);
  const reason = choice === "auto" ? "A GPU was found." : "Chosen by hand.";
  return { backend: "webgpu", adapter: adapterName(info) + (software ? " (software)" : ""), reason };
}

async function startWasm(reason: string, options: BackendOptions): Promise<BackendInfo> {
  if (!(await env().getAsync("WASM_HAS_SIMD_SUPPORT"))) {
    throw new Problem({
      found: "This browser's WebAssembly has no SIMD.",
      expected: "Training on the processor needs it: without, it would take ten times as long.",
      remedy: "Use a browser from 2023 or later.",
    });
  }
  setWasmPaths(options.wasmPaths);
  if (options.wasmThreads > 1) {
    // tfjs takes at most half of the cores that the navigator tells of, whatever is asked for.
    Object.defineProperty(navigator, "hardwareConcurrency", { value: 2 * options.wasmThreads, configurable: true });
  }
  setThreadsCount(options.wasmThreads);
  await use("wasm");
  const threads = wasmThreads();
  return { backend: "wasm", adapter: `SIMD, ${threads} ${threads === 1 ? "thread" : "threads"}`, reason };
}

/** Threads of the wasm backend: 1 where its memory cannot be shared. */
export function wasmThreads(): number {
  try {
    return Math.max(1, getThreadsCount());
  } catch {
    return 1; // throws where the build without threads was loaded
  }
}

function reasonForWasm(choice: BackendChoice, adapter: GPUAdapter | null): string {
  if (choice === "wasm") return "Chosen by hand.";
  return adapter
    ? "Only a software GPU was found, which is slower than the processor itself: training on the processor."
    : "No GPU was found: training on the processor, slower.";
}

/** Switches to a backend; a GPU that is not used any more is given back. */
async function use(name: string): Promise<void> {
  if (!(await setBackend(name))) {
    throw new Problem({
      found: `The backend ${name} did not start.`,
      expected: "It was expected to start in this browser.",
      remedy: "Choose another backend, or reload the page.",
    });
  }
  if (name !== "webgpu" && findBackendFactory("webgpu")) removeBackend("webgpu");
}
