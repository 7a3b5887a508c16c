import { Budget } from "../../../src/run/machine/budget.ts";

/** A clock that moves only when something takes time. */
export class FakeClock {
  ms = 0;
  now = () => this.ms;

  budget(seconds: number, stops: () => boolean = () => false): Budget {
    return new Budget(seconds, this.now, stops);
  }
}

/**
 * A GPU whose work takes `workMs` per call, whose first call compiles for `compileMs`, and which answers a wait after
 * `idleMs` more.
 */
export class FakeGpu {
  calls = 0;
  waits = 0;
  private waiting = 0;

  constructor(
    private readonly clock: FakeClock,
    private readonly costs: { workMs: number; compileMs: number; idleMs: number },
  ) {}

  record = () => {
    if (this.calls++ === 0) this.clock.ms += this.costs.compileMs;
    this.waiting += this.costs.workMs;
  };

  done = () => {
    this.waits++;
    this.clock.ms += this.waiting + this.costs.idleMs;
    this.waiting = 0;
    return Promise.resolve();
  };
}
