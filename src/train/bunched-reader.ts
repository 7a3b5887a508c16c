/** What steps leave is read back about this often: a round trip to a GPU costs up to 100 ms in some browsers. */
const READ_EVERY_MS = 250;
export const MOST_STEPS_A_READ = 32;

/** A step whose numbers have come. */
export interface ReadStep<Step, Numbers> {
  step: Step;
  numbers: Numbers;
}

/**
 * Reads the numbers of steps (or of batches that are scored) back in bunches, always one bunch behind: while the GPU works
 * on the steps recorded last, those before them are read, and the next are gathered and recorded. The CPU never waits for
 * a step that is not done, and the GPU never waits for work.
 */
export class BunchedReader<Step, Numbers> {
  private waiting: Step[] = [];
  private inFlight: { reading: Promise<Numbers[]>; steps: Step[] } | null = null;
  private bunch = 1;
  /** Steps read recently and their time; older ones count less and less, so that no single bunch decides. */
  private recent = { steps: 0, ms: 0 };
  private since = performance.now();

  /**
   * @param read the numbers of some steps in one round trip; disposes what they left
   * @param most steps of a bunch, at most
   */
  constructor(
    private readonly read: (steps: readonly Step[]) => Promise<Numbers[]>,
    private readonly most = MOST_STEPS_A_READ,
  ) {}

  /** Adds a step that was recorded just now. */
  add(step: Step): void {
    this.waiting.push(step);
  }

  /** How many wait to be read. */
  get count(): number {
    return this.waiting.length;
  }

  /** Whether a bunch is complete, so that it should be read. */
  get isFull(): boolean {
    return this.waiting.length >= this.bunch;
  }

  /** Begins to read what waits; resolves to the numbers of the bunch before. */
  async turn(): Promise<ReadStep<Step, Numbers>[]> {
    const previous = this.inFlight;
    this.inFlight = this.begin();
    if (!previous) return [];
    const numbers = await previous.reading;
    this.see(previous.steps.length);
    return previous.steps.flatMap((step, i) => {
      const own = numbers[i];
      return own === undefined ? [] : [{ step, numbers: own }];
    });
  }

  /** The numbers of all steps that were recorded. */
  async rest(): Promise<ReadStep<Step, Numbers>[]> {
    return [...(await this.turn()), ...(await this.turn())];
  }

  /** Called after work other than steps, so that its time is not counted as theirs. */
  restart(): void {
    this.since = performance.now();
  }

  private begin() {
    const steps = this.waiting;
    if (steps.length === 0) return null;
    this.waiting = [];
    const reading = this.read(steps);
    // A failure reaches whoever awaits the bunch, even if that is later.
    reading.catch(() => undefined);
    return { reading, steps };
  }

  /**
   * The next bunch is as many steps as the time between two reads holds. Where JavaScript is slower than the GPU, the
   * time of a turn is that of the bunch recorded in it and not of the one that was read: hence the mean over turns.
   */
  private see(steps: number): void {
    const now = performance.now();
    this.recent = { steps: this.recent.steps / 2 + steps, ms: this.recent.ms / 2 + now - this.since };
    this.since = now;
    const wanted = Math.round((READ_EVERY_MS * this.recent.steps) / this.recent.ms);
    this.bunch = Math.max(1, Math.min(this.most, wanted));
  }
}
