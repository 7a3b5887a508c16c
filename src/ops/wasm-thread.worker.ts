import {
  ARGUMENTS,
  FAILED,
  JOB,
  KERNEL,
  KERNEL_NAMES,
  LEFT,
  READY,
  openKernels,
  THREADS_MASK,
  waitWhile,
  type ThreadStart,
} from "./kernel-module.ts";

/** Takes part in every job that this thread is counted for; it never returns. */
function work({ module, memory, control, numbers }: ThreadStart): never {
  const kernels = openKernels(module, memory);
  // This is read first: a job that starts before the thread is counted as ready does not count on it.
  let seen = Atomics.load(control, JOB);
  const place = Atomics.add(control, READY, 1);
  for (;;) {
    waitWhile(control, JOB, seen);
    const job = Atomics.load(control, JOB);
    if (job === seen) continue;
    seen = job;
    if (place >= (job & THREADS_MASK)) continue;
    const start = ARGUMENTS * place + 1;
    const name = KERNEL_NAMES[control[KERNEL] ?? -1];
    try {
      if (!name) throw new Error("A thread was given a kernel that it does not know.");
      kernels[name](...numbers.subarray(start, start + (numbers[start - 1] ?? 0)));
    } catch {
      Atomics.store(control, FAILED, 1);
    }
    Atomics.sub(control, LEFT, 1);
    Atomics.notify(control, LEFT);
  }
}

self.onmessage = ({ data }: MessageEvent<ThreadStart>) => work(data);
