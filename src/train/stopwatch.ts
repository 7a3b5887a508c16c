import type { RunControl } from "./control.ts";

/** Milliseconds that a `Stopwatch` shows. */
export interface StopwatchState {
  wallMs: number;
  trainingMs: number;
}

/** Time since it was made, pauses not counted, and the part of it that was training. */
export class Stopwatch {
  private begun: number;
  private trained = 0;
  private startedAt: number | null = null;

  constructor(private readonly control: Pick<RunControl, "pausedMs">) {
    this.begun = performance.now() - control.pausedMs;
  }

  /** Goes on from times of an earlier part of the run. */
  restore({ wallMs, trainingMs }: StopwatchState): void {
    this.begun -= wallMs;
    this.trained += trainingMs;
  }

  get state(): StopwatchState {
    return { wallMs: this.wallMs, trainingMs: this.trainingMs };
  }

  start(): void {
    this.startedAt ??= performance.now();
  }

  stop(): void {
    this.trained = this.trainingMs;
    this.startedAt = null;
  }

  get wallMs(): number {
    return performance.now() - this.begun - this.control.pausedMs;
  }

  get trainingMs(): number {
    return this.trained + (this.startedAt === null ? 0 : performance.now() - this.startedAt);
  }
}
