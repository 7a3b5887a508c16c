/** What a person asks of a run while it trains. */
export class RunControl {
  private wanted: "run" | "pause" | "stop" | "stop now" = "run";
  private wake: (() => void) | null = null;
  private rested = 0;

  /** `onPaused` is called once a run is paused, after all its finished steps have been reported. */
  constructor(private readonly onPaused: () => void = () => undefined) {}

  /** Pauses the run after the current step. */
  pause(): void {
    if (this.wanted === "run") this.wanted = "pause";
  }

  resume(): void {
    if (this.wanted === "pause") this.wanted = "run";
    this.wake?.();
  }

  /** Ends training after the current step; a second call also skips the last evaluation. */
  stop(): void {
    this.wanted = this.stops ? "stop now" : "stop";
    this.wake?.();
  }

  get stops(): boolean {
    return this.wanted === "stop" || this.wanted === "stop now";
  }

  get skipsEvaluation(): boolean {
    return this.wanted === "stop now";
  }

  get paused(): boolean {
    return this.wanted === "pause";
  }

  /** Milliseconds of all pauses that are over. */
  get pausedMs(): number {
    return this.rested;
  }

  /** Resolves when the run is not paused (any more). */
  async unpaused(): Promise<void> {
    if (!this.paused) return;
    const from = performance.now();
    this.onPaused();
    while (this.paused) await new Promise<void>((resolve) => (this.wake = resolve));
    this.wake = null;
    this.rested += performance.now() - from;
  }
}
