import { Problem } from "../problem/problem.ts";

let firstError: string | null = null;

/** WebGPU reports errors later and to nobody in particular; the first one is kept for the next read-back to throw. */
export function watchErrors(device: GPUDevice): void {
  firstError = null;
  device.addEventListener("uncapturederror", (event) => {
    event.preventDefault();
    firstError ??= event.error.message;
  });
}

/** Throws a Problem if the GPU has reported an error: what it computed since cannot be trusted. */
export function throwGpuError(): void {
  if (firstError === null) return;
  const details = firstError;
  firstError = null;
  throw new Problem({
    found: /out of memory|allocat/i.test(details) ? "The GPU ran out of memory." : "The GPU refused a command.",
    expected: "Every command was expected to run.",
    remedy: "Use a smaller batch size or max length, or train on the processor.",
    details,
  });
}
