import type { KernelKind, Work } from "./device.ts";

/** Where a submission must leave the GPU to a page that is seen, and where nobody looks. */
const TARGET_MS = { visible: 30, hidden: 100 };

/**
 * Speeds that work is weighed by before anything is measured: of the slowest adapters met. Phones reach 0.2 TFLOP/s, a
 * software adapter on two cores 5 GFLOP/s. Work that takes less than `leastPart` ms there is never divided.
 */
const SLOWEST = {
  gpu: { flopsPerMs: 2e8, bytesPerMs: 1e7, launchMs: 0.02, leastPart: 10 },
  software: { flopsPerMs: 5e6, bytesPerMs: 1e6, launchMs: 0.05, leastPart: 100 },
} as const;

/** Share of the target that a submission gets on a GPU of which nothing was measured. */
const UNMEASURED = 0.25;

/** All work that was recorded up to a read-back. */
interface Mark {
  /** Milliseconds that the slowest adapter would take. */
  weight: number;
  /** When the first dispatch since the mark before was recorded; null where there was none. */
  startedAt: number | null;
}

/**
 * How much work of one device goes into a submission: Windows resets a GPU that does not answer for 2 s, and a page whose
 * GPU is busy cannot draw. Work is weighed by its flops and bytes; what a weight costs is learned from read-backs.
 */
export class Pace {
  private readonly slowest: (typeof SLOWEST)[KernelKind];
  private readonly unmeasured: number;
  private targetMs = TARGET_MS.hidden;
  /** Weight recorded, ever and since the last submission. */
  private total = 0;
  private open = 0;
  private startedAt: number | null = null;
  private last = { weight: 0, at: -Infinity };
  private compiledAt = -Infinity;
  /** Weight and milliseconds measured; older ones count less and less, so that no single read-back decides. */
  private recent = { weight: 0, ms: 0 };

  constructor(kernels: KernelKind) {
    this.slowest = SLOWEST[kernels];
    this.unmeasured = kernels === "gpu" ? UNMEASURED : 1;
  }

  /** Called with whether a page is seen that draws with the same GPU; not so before the first call. */
  besidePage(isVisible: boolean): void {
    this.targetMs = isVisible ? TARGET_MS.visible : TARGET_MS.hidden;
  }

  /** Milliseconds of the slowest adapter: the one bound that holds, and what each dispatch costs. */
  weightOf({ flops, bytes }: Work): number {
    const { flopsPerMs, bytesPerMs, launchMs } = this.slowest;
    return launchMs + Math.max(flops / flopsPerMs, bytes / bytesPerMs);
  }

  /** The weight that a submission should have at most. */
  get limit(): number {
    const { weight, ms } = this.recent;
    return weight > 0 ? (this.targetMs * weight) / Math.max(ms, Number.MIN_VALUE) : this.targetMs * this.unmeasured;
  }

  /** Whether the open submission has no space for a dispatch of this weight. */
  isFullFor(weight: number): boolean {
    return this.open > 0 && this.open + weight > this.limit;
  }

  /** Called for every recorded dispatch. */
  add(weight: number): void {
    this.startedAt ??= performance.now();
    this.total += weight;
    this.open += weight;
  }

  /** Called when the open submission is sent. */
  submitted(): void {
    this.open = 0;
  }

  /**
   * Into how many dispatches of equal size an op should divide this work: 1 up to twice a submission's, so that a step
   * on the border is not divided now and then, and else a power of two, so that sizes repeat.
   */
  partsOf(work: Work): number {
    const submissions = this.weightOf(work) / Math.max(this.limit, this.slowest.leastPart);
    return submissions <= 2 ? 1 : 2 ** Math.ceil(Math.log2(submissions));
  }

  /** Called when a program is compiled at its first use, for which the GPU waits. */
  compiled(): void {
    this.compiledAt = performance.now();
  }

  /** Called when a read-back is submitted; `done` is called with the mark when it has come. */
  mark(): Mark {
    const mark = { weight: this.total, startedAt: this.startedAt };
    this.startedAt = null;
    return mark;
  }

  /** Learns from the time between two read-backs, in which the work recorded between their marks was done. */
  done({ weight, startedAt }: Mark): void {
    const now = performance.now();
    const measured = weight - this.last.weight;
    // Work begins when that before it is done, and not before it is recorded.
    const since = Math.max(startedAt ?? now, this.last.at);
    if (measured > 0 && startedAt !== null && this.compiledAt < since) {
      const ms = now - since;
      this.recent = { weight: this.recent.weight / 2 + measured, ms: this.recent.ms / 2 + ms };
    }
    this.last = { weight: Math.max(weight, this.last.weight), at: now };
  }
}
