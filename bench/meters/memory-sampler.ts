import { readFileSync } from "node:fs";

/** Most that was seen, in bytes. */
export interface MemoryPeak {
  /** Resident memory of the process; with a software adapter the GPU's buffers are part of it. */
  rss: number;
  /** Objects of JavaScript. */
  heap: number;
  /** Array buffers and what else lies outside that heap. */
  external: number;
}

const EVERY_MS = 20;

/** Watches this process's memory, one stretch after another. */
export class MemorySampler {
  private peak: MemoryPeak = { rss: 0, heap: 0, external: 0 };
  private readonly timer = setInterval(() => this.look(), EVERY_MS);

  /** The most since the last call. */
  take(): MemoryPeak {
    this.look();
    const { peak } = this;
    this.peak = { rss: 0, heap: 0, external: 0 };
    return peak;
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private look(): void {
    const { rss, heapUsed, external } = process.memoryUsage();
    this.peak = {
      rss: Math.max(this.peak.rss, rss),
      heap: Math.max(this.peak.heap, heapUsed),
      external: Math.max(this.peak.external, external),
    };
  }
}

/** Bytes of main memory that another process holds (Linux): private, and shared with other processes. */
export function memoryOfProcess(id: number): { own: number; shared: number } {
  const status = readFileSync(`/proc/${id}/status`, "utf8");
  const bytesOf = (field: string) => 1024 * Number(new RegExp(`^${field}:\\s*(\\d+) kB`, "m").exec(status)?.[1] ?? NaN);
  return { own: bytesOf("RssAnon"), shared: bytesOf("RssShmem") };
}
