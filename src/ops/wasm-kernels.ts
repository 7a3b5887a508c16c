import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { WasmDevice } from "../gpu/host-device.ts";
import { runningWasm } from "../gpu/running.ts";
import {
  ARGUMENTS,
  FAILED,
  hasRelaxedSimd,
  JOB,
  KERNEL,
  KERNEL_NAMES,
  LEFT,
  openKernels,
  READY,
  THREADS_MASK,
  waitWhile,
  type PartKernel,
  type ThreadStart,
  type WasmKernels,
} from "./kernel-module.ts";
import plain from "./kernels.as";
import relaxed from "./kernels.as?relaxed";
import sharedPlain from "./kernels.as?shared";
import sharedRelaxed from "./kernels.as?shared&relaxed";

interface Loaded {
  kernels: WasmKernels;
  /** Null where tensors lie in memory that cannot be shared. */
  threads: WasmThreads | null;
}

/** What each wasm backend has of its own. */
const loaded = new WeakMap<WasmDevice, Loaded>();

/** Our own kernels on the wasm backend that runs. They need SIMD, which `startBackend` checks. */
function load(): Loaded {
  const device = runningWasm();
  const known = loaded.get(device);
  if (known) return known;
  const { isShared, memory } = device;
  const [withRelaxed, without] = isShared ? [sharedRelaxed, sharedPlain] : [relaxed, plain];
  const bytes = Uint8Array.from(atob(hasRelaxedSimd() ? withRelaxed : without), (letter) => letter.charCodeAt(0));
  const module = new WebAssembly.Module(bytes);
  const threads = isShared ? new WasmThreads(module, device) : null;
  void threads?.start();
  const made = { kernels: openKernels(module, memory), threads };
  loaded.set(device, made);
  return made;
}

/** The kernels, to be called one at a time. */
export function wasmKernels(): WasmKernels {
  return load().kernels;
}

/**
 * Starts the threads that the wasm backend may have and that have not started, and waits for them. Without this they
 * start with the first kernel and take part as soon as each is ready.
 */
export async function startThreads(): Promise<void> {
  await load().threads?.start();
}

/** Threads that take part in the work, the caller's among them. */
export function threadsAtWork(): number {
  return Math.min(runningWasm().threads.count, 1 + (load().threads?.ready ?? 0));
}

/** Elementary operations from which on work is worth cutting: waking a thread takes some ten microseconds. */
const LEAST_WORK = 2 ** 18;

/**
 * Cuts 0 … total into one part for each thread that is ready, at multiples of `step`; into one part where the `work`
 * (elementary operations) is small.
 */
export function threadParts(total: number, step: number, work: number): { from: number; to: number }[] {
  const threads = work < LEAST_WORK ? 1 : threadsAtWork();
  const size = Math.max(step, Math.ceil(total / threads / step) * step);
  const parts = [];
  for (let from = 0; from < total; from += size) parts.push({ from, to: Math.min(total, from + size) });
  return parts;
}

/** Calls a kernel with each list of arguments, side by side where there are threads; at most as many as `threadParts` gave. */
export function callAll(kernel: PartKernel, calls: readonly number[][]): void {
  const { kernels, threads } = load();
  const [own, ...others] = calls;
  if (!own) return;
  if (threads && others.length > 0) threads.run(kernel, others, () => void kernels[kernel](...own));
  else for (const numbers of calls) kernels[kernel](...numbers);
}

/** Where a tensor of the wasm backend starts in its memory, in bytes. It never moves, unlike views. */
export function wasmPointer(tensor: TensorInfo): number {
  return runningWasm().pointer(tensor);
}

/** Lends `use` memory of the wasm backend, which is free again afterwards. */
export function withWasmScratch(bytes: number, use: (pointer: number) => void): void {
  runningWasm().withScratch(bytes, use);
}

/** A thread whose program does not load, because the network is gone, must not hold up a run. */
const PATIENCE_MS = 10_000;

/**
 * Threads that run kernels on the memory of tfjs-wasm beside the one that calls, which waits for them (and so must be a
 * worker). Each takes part in jobs once it is ready. The page starts them: in Firefox (153) a worker that starts
 * several workers one after the other often never returns from `new Worker`.
 */
class WasmThreads {
  private readonly control = new Int32Array(new SharedArrayBuffer(4 * 8));
  private readonly numbers = new Float64Array(new SharedArrayBuffer(8 * ARGUMENTS * THREADS_MASK));
  private asked = 0;

  constructor(
    private readonly module: WebAssembly.Module,
    private readonly device: WasmDevice,
  ) {}

  /**
   * Starts those that are missing. The promise is fulfilled when all are ready, or `PATIENCE_MS` after the start: work
   * is cut for those that are ready.
   */
  async start(): Promise<void> {
    const { module, control, numbers, device } = this;
    const count = Math.min(device.threads.count - 1, THREADS_MASK);
    const message: ThreadStart = { module, memory: device.memory, control, numbers };
    for (; this.asked < count; this.asked++) device.threads.start(message);
    const end = performance.now() + PATIENCE_MS;
    while (this.ready < count && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  /** Number of threads that are ready, without the caller's. */
  get ready(): number {
    return Atomics.load(this.control, READY);
  }

  /** Calls a kernel with each of the lists, one per thread, runs `own` meanwhile and returns when all are done. */
  run(kernel: PartKernel, calls: readonly number[][], own: () => void): void {
    const { control, numbers } = this;
    calls.forEach((list, i) => numbers.set([list.length, ...list], ARGUMENTS * i));
    control[KERNEL] = KERNEL_NAMES.indexOf(kernel);
    Atomics.store(control, LEFT, calls.length);
    const job = Atomics.load(control, JOB) & ~THREADS_MASK;
    Atomics.store(control, JOB, (job + THREADS_MASK + 1) | calls.length);
    Atomics.notify(control, JOB);
    own();
    for (let left = calls.length; left > 0; left = Atomics.load(control, LEFT)) waitWhile(control, LEFT, left);
    if (Atomics.load(control, FAILED)) throw new Error(`A thread failed in ${kernel}.`);
  }
}
