/** Milliseconds since some moment; `performance.now` but in tests. */
export type Clock = () => number;

/** The time that a piece of a measurement may take. Work that has begun is never cut short, so it may be exceeded. */
export class Budget {
  private readonly end: number;

  /** @param stops whether a person has ended the measurement */
  constructor(
    seconds: number,
    readonly clock: Clock,
    private readonly stops: () => boolean = () => false,
  ) {
    this.end = clock() + 1000 * seconds;
  }

  /** Milliseconds that are left; 0 once a person has ended the measurement. */
  get leftMs(): number {
    return this.stops() ? 0 : Math.max(0, this.end - this.clock());
  }

  /** Whether work that is expected to take `ms` may begin. */
  fits(ms = 0): boolean {
    return this.leftMs > ms;
  }

  /** Why work that did not fit was left out. */
  get reason(): string {
    return this.stops() ? "not measured: stopped" : "not measured: budget";
  }

  /** A budget of its own for part of the work, which ends with this one at the latest. */
  part(seconds: number): Budget {
    return new Budget(Math.min(seconds, this.leftMs / 1000), this.clock, this.stops);
  }

  /** Up to `most` values of `measure`, as long as another one fits that takes as long as the last one did. */
  async repeat<Value>(most: number, measure: () => Promise<Value> | Value): Promise<Value[]> {
    const values: Value[] = [];
    let lastMs = 0;
    while (values.length < most && this.fits(lastMs)) {
      const start = this.clock();
      values.push(await measure());
      lastMs = this.clock() - start;
    }
    return values;
  }
}
