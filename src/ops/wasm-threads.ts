import { wasmThreads } from "../gpu/backend.ts";
import type { PartKernel } from "./open-kernels.ts";
import {
  FAILED,
  JOB,
  KERNEL,
  KERNEL_NAMES,
  LEFT,
  READY,
  ROOM,
  THREADS_MASK,
  type ThreadStart,
} from "./thread-protocol.ts";

/** A thread whose program does not come, for want of a network, must not hold up a run. */
const PATIENCE_MS = 10_000;

/**
 * Threads that run kernels on the memory of tfjs-wasm beside the one that calls, which waits for them (and so must be a
 * worker). Each takes part in jobs from when it is ready. The page starts them: in Firefox (153) a worker that starts
 * several workers one after the other often never returns from `new Worker`.
 */
export class WasmThreads {
  private readonly control = new Int32Array(new SharedArrayBuffer(4 * 8));
  private readonly numbers: Float64Array;
  /** Fulfilled when all are there, or `PATIENCE_MS` after the start: the work is cut for those that are there. */
  readonly started: Promise<void>;

  constructor(module: WebAssembly.Module, memory: WebAssembly.Memory) {
    const { count: all, start } = wasmThreads();
    const count = Math.min(all - 1, THREADS_MASK);
    this.numbers = new Float64Array(new SharedArrayBuffer(8 * ROOM * count));
    const message: ThreadStart = { module, memory, control: this.control, numbers: this.numbers };
    for (let i = 0; i < count; i++) start(message);
    this.started = this.waitFor(count);
  }

  private async waitFor(count: number): Promise<void> {
    const end = performance.now() + PATIENCE_MS;
    while (this.ready < count && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  /** How many threads there are beside the caller's. */
  get ready(): number {
    return Atomics.load(this.control, READY);
  }

  /** Lets a thread each call a kernel with one of the lists, runs `own` meanwhile and returns when all are done. */
  run(kernel: PartKernel, calls: readonly number[][], own: () => void): void {
    const { control, numbers } = this;
    calls.forEach((list, i) => numbers.set([list.length, ...list], ROOM * i));
    control[KERNEL] = KERNEL_NAMES.indexOf(kernel);
    Atomics.store(control, LEFT, calls.length);
    const job = Atomics.load(control, JOB) & ~THREADS_MASK;
    Atomics.store(control, JOB, (job + THREADS_MASK + 1) | calls.length);
    Atomics.notify(control, JOB);
    own();
    for (let left = calls.length; left > 0; left = Atomics.load(control, LEFT)) Atomics.wait(control, LEFT, left);
    if (Atomics.load(control, FAILED)) throw new Error(`A thread failed in ${kernel}.`);
  }
}
