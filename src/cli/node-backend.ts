import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { dirname } from "node:path";
import { setFlagsFromString } from "node:v8";
import { Worker } from "node:worker_threads";
import { env } from "@tensorflow/tfjs-core";
import {
  onWasm,
  startBackend,
  wasmName,
  type BackendChoice,
  type BackendInfo,
  type BackendOptions,
} from "../gpu/backend.ts";
import { threadCount } from "../gpu/thread-count.ts";
import { hasRelaxedSimd } from "../ops/kernel-module.ts";
import { startFastestThreads } from "../ops/fastest-threads.ts";
import { startThreads, threadsAtWork } from "../ops/wasm-kernels.ts";
import { fallbackReason, faultOf, wrongGpu } from "../run/self-test.ts";
import type { TuningStore } from "../run/tune.ts";
import threadScript from "../ops/wasm-thread.worker.ts?script";

interface NodeBackendOptions {
  /** Threads of wasm; more than one works in the bundled programs alone, see build/wasm-threads-plugin.ts. */
  threads?: number | "fastest";
  wrapDevice?: (device: GPUDevice) => GPUDevice;
}

/**
 * Starts a backend in Node: WebGPU comes from the package `webgpu` (Dawn), wasm has one thread unless more are asked
 * for. The threads are ready when this returns, and do not keep the process alive.
 */
export async function startNodeBackend(
  choice: BackendChoice,
  { threads = 1, wrapDevice }: NodeBackendOptions = {},
): Promise<BackendInfo> {
  if (choice === "webgpu" || choice === "auto") await provideWebGpu();
  const most = threads === "fastest" ? mostThreads() : threads;
  const info = await startBackend(choice, { ...nodeBackendOptions(most), ...(wrapDevice && { wrapDevice }) });
  if (info.backend !== "wasm") return info;
  if (threads !== "fastest") {
    await startThreads();
    return info;
  }
  await startFastestThreads();
  return { ...info, adapter: wasmName(threadsAtWork()) };
}

/**
 * The same for a run: a GPU is tested at its first use, and the processor takes its place where it computes wrongly.
 *
 * @throws Problem where a GPU that was chosen by hand does
 */
export async function startTestedBackend(
  choice: BackendChoice,
  store: TuningStore,
  threads: number | "fastest",
): Promise<BackendInfo> {
  const info = await startNodeBackend(choice, { threads });
  if (info.backend !== "webgpu") return info;
  const fault = await faultOf(store, (work) =>
    onWasm(nodeBackendOptions(threads === "fastest" ? mostThreads() : threads), work),
  );
  if (fault === null) return info;
  if (choice === "webgpu") throw wrongGpu(info, fault, "");
  return { ...(await startNodeBackend("wasm", { threads })), reason: fallbackReason(info.adapter, fault) };
}

/** How backends start in Node, wasm with this many threads. Sets what Node has behind flags. */
export function nodeBackendOptions(threads = 1): BackendOptions {
  // Node 20 has relaxed SIMD behind this flag; from Node 21 on it needs none.
  if (!hasRelaxedSimd()) setFlagsFromString("--experimental-wasm-relaxed-simd");
  // tfjs takes its build with shared memory by this flag, which is off in Node. It is read when wasm first starts.
  if (threads > 1) env().set("WASM_HAS_MULTITHREAD_SUPPORT", true);
  const require = createRequire(import.meta.url);
  const wasmFolder = dirname(require.resolve("@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm.wasm"));
  return { wasmPaths: `${wasmFolder}/`, wasmThreads: threads, startThread };
}

/** Largest number of threads of a program that was not given one. */
export function mostThreads(): number {
  return threadCount(globalThis, availableParallelism());
}

/** The script is a browser's worker, whose scope is called `self`. */
const AS_IN_BROWSER =
  'globalThis.self = globalThis; require("node:worker_threads").parentPort.once("message", (data) => self.onmessage({ data }));';

function startThread(start: unknown): void {
  const thread = new Worker(`${AS_IN_BROWSER}\n${threadScript}`, { eval: true });
  thread.unref();
  thread.postMessage(start);
}

let gpu: GPU | null = null;

/** Makes Dawn's WebGPU this process's `navigator.gpu`: one for all devices, since they do not outlive their Dawn. */
export async function provideWebGpu(): Promise<void> {
  const { create, globals } = await import("webgpu");
  Object.assign(globalThis, globals);
  // Dawn counts features that are still experiments, such as products of matrices by subgroups, as unsafe.
  gpu ??= create(["enable-dawn-features=allow_unsafe_apis"]);
  Object.defineProperty(globalThis, "navigator", { value: { gpu, userAgent: "node" }, configurable: true });
}
