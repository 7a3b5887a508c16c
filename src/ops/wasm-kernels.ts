import { isShared, wasmMemory } from "../gpu/tfjs-internals.ts";
import { openKernels, type PartKernel, type WasmKernels } from "./open-kernels.ts";
import ownKernels from "./kernels.as";
import sharedKernels from "./kernels.as?shared";
import { WasmThreads } from "./wasm-threads.ts";

interface Loaded {
  kernels: WasmKernels;
  /** Null where tensors lie in memory that cannot be shared. */
  threads: WasmThreads | null;
}

const loaded = new WeakMap<WebAssembly.Memory, Loaded>();

/** Our own kernels on the memory of the wasm backend that runs. They need SIMD, which `startBackend` checks. */
function load(): Loaded {
  const memory = wasmMemory();
  const known = loaded.get(memory);
  if (known) return known;
  const shared = isShared(memory);
  const bytes = Uint8Array.from(atob(shared ? sharedKernels : ownKernels), (letter) => letter.charCodeAt(0));
  const module = new WebAssembly.Module(bytes);
  const made = { kernels: openKernels(module, memory), threads: shared ? new WasmThreads(module, memory) : null };
  loaded.set(memory, made);
  return made;
}

/** The kernels, to be called one at a time. */
export function wasmKernels(): WasmKernels {
  return load().kernels;
}

/**
 * Starts the threads of the wasm backend, where it has any, and waits for them. Without this they start with the first
 * kernel, and come while others run.
 */
export async function startThreads(): Promise<void> {
  await load().threads?.started;
}

/** Threads that take part in the work, the caller's among them. */
export function threadsAtWork(): number {
  return 1 + (load().threads?.ready ?? 0);
}

/** From so many elementary steps on work is worth cutting: a thread is woken in some ten microseconds. */
const LEAST_WORK = 2 ** 18;

/**
 * Cuts 0 … total into a part for each thread that is there, at multiples of `step`; into one where the `work` is small.
 */
export function partsOf(total: number, step: number, work: number): { from: number; to: number }[] {
  const threads = work < LEAST_WORK ? 1 : threadsAtWork();
  const size = Math.max(step, Math.ceil(total / threads / step) * step);
  const parts = [];
  for (let from = 0; from < total; from += size) parts.push({ from, to: Math.min(total, from + size) });
  return parts;
}

/** Calls a kernel with each list of arguments, side by side where there are threads; at most as many as `partsOf` gave. */
export function callAll(kernel: PartKernel, calls: readonly number[][]): void {
  const { kernels, threads } = load();
  const [own, ...others] = calls;
  if (!own) return;
  if (threads && others.length > 0) threads.run(kernel, others, () => void kernels[kernel](...own));
  else for (const numbers of calls) kernels[kernel](...numbers);
}
