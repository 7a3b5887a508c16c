/** Time on the clock since it was made, and the part of it that was training. */
export class Stopwatch {
  private readonly begun = performance.now();
  private trained = 0;
  private startedAt: number | null = null;

  start(): void {
    this.startedAt ??= performance.now();
  }

  stop(): void {
    this.trained = this.trainingMs;
    this.startedAt = null;
  }

  get wallMs(): number {
    return performance.now() - this.begun;
  }

  get trainingMs(): number {
    return this.trained + (this.startedAt === null ? 0 : performance.now() - this.startedAt);
  }
}
