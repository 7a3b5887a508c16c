/** What a person asks of a run while it trains. */
export class RunControl {
  private wanted: "run" | "pause" | "stop" | "stop now" = "run";
  private wake: (() => void) | null = null;

  /** `onPaused` is called when a run rests that was told to: it makes no step more, and those it made were told. */
  constructor(private readonly onPaused: () => void = () => undefined) {}

  /** Lets the run rest after the step under way. */
  pause(): void {
    if (this.wanted === "run") this.wanted = "pause";
  }

  resume(): void {
    if (this.wanted === "pause") this.wanted = "run";
    this.wake?.();
  }

  /** Ends training after the step under way; a second call also skips the last evaluation. */
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

  /** Resolves when the run is not paused (any more). */
  async unpaused(): Promise<void> {
    if (this.paused) this.onPaused();
    while (this.paused) await new Promise<void>((resolve) => (this.wake = resolve));
    this.wake = null;
  }
}
