import { Problem } from "../problem/problem.ts";

/** Errors of one GPU: WebGPU reports them later, to no caller; the first one is kept for whoever reads next. */
export class DeviceErrors {
  private first: string | null = null;

  constructor(device: GPUDevice) {
    device.addEventListener("uncapturederror", (event) => {
      event.preventDefault();
      this.first ??= event.error.message;
    });
  }

  /** Throws a Problem if the GPU has reported an error: what it computed since cannot be trusted. */
  throwFirst(): void {
    if (this.first === null) return;
    const details = this.first;
    this.first = null;
    throw new Problem({
      found: /out of memory|allocat/i.test(details) ? "The GPU ran out of memory." : "The GPU refused a command.",
      expected: "Every command was expected to run.",
      remedy: "Use a smaller batch size or max length, or train on the processor.",
      details,
    });
  }
}
