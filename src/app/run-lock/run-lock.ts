/** Name of the Web Lock that the tab with a run holds. */
const RUN_LOCK = "tabtune-run";

/** The shared locks of waiting tabs may stand in the way for a moment, after a run has ended. */
const TAKE_ATTEMPTS = 20;

/** What is used of `navigator.locks`. */
export interface Locks {
  request(
    name: string,
    options: LockOptions,
    granted: (lock: { mode: LockMode } | null) => Promise<void> | undefined,
  ): Promise<unknown>;
  query(): Promise<{ held?: { name?: string; mode?: LockMode }[] }>;
}

/**
 * The lock of the run: one tab of this browser holds it from the start of a run to its end, pauses included. Chrome
 * does not freeze a hidden page that holds one. The browser frees it when the tab is closed or crashes. Where there
 * are no Web Locks, nothing is ever locked.
 */
export class RunLock {
  private taken: Promise<boolean> | null = null;
  private letGo: (() => void) | null = null;
  private isWaiting = false;
  private tell: (isElsewhere: boolean) => void = () => undefined;

  constructor(private readonly locks: Locks | undefined) {}

  /** Takes the lock, or keeps it; false where another tab has it. */
  take(): Promise<boolean> {
    this.taken ??= this.takeFree();
    return this.taken;
  }

  release(): void {
    this.letGo?.();
    this.letGo = null;
    this.taken = null;
  }

  /** Calls `listener` when another tab is seen to hold the lock, and when it holds it no longer. */
  watch(listener: (isElsewhere: boolean) => void): void {
    this.tell = listener;
    void this.look();
  }

  /** Looks whether another tab holds the lock, and if so waits until it is free. */
  async look(): Promise<void> {
    if (this.isWaiting || !(await this.isElsewhere()) || this.isWaiting) return;
    this.isWaiting = true;
    this.tell(true);
    // A shared lock is granted once the exclusive one is free, to all waiting tabs together, and is freed at once.
    await this.locks?.request(RUN_LOCK, { mode: "shared" }, () => undefined).catch(() => undefined);
    this.isWaiting = false;
    this.tell(false);
  }

  private async takeFree(): Promise<boolean> {
    for (let attempt = 0; attempt < TAKE_ATTEMPTS; attempt++) {
      if (await this.tryOnce()) return true;
      if (await this.isElsewhere()) break;
    }
    this.taken = null;
    void this.look();
    return false;
  }

  private tryOnce(): Promise<boolean> {
    const { locks } = this;
    if (!locks) return Promise.resolve(true);
    return new Promise((resolve) => {
      const granted = (lock: unknown) => {
        resolve(lock !== null);
        return lock === null ? undefined : new Promise<void>((done) => (this.letGo = done));
      };
      // Pages without an origin of their own may use no locks; they train without one.
      locks.request(RUN_LOCK, { ifAvailable: true }, granted).catch(() => resolve(true));
    });
  }

  private async isElsewhere(): Promise<boolean> {
    if (!this.locks || this.letGo) return false;
    const { held = [] } = await this.locks.query().catch(() => ({ held: [] }));
    return held.some(({ name, mode }) => name === RUN_LOCK && mode === "exclusive");
  }
}

/** Any number of tabs may hold it, each for work of its own. */
const WORK_LOCK = "tabtune-work";

/** A lock that keeps no other tab from anything: Chrome freezes no hidden page that holds one. */
export class WorkLock {
  private letGo: (() => void) | null = null;

  constructor(private readonly locks: Pick<Locks, "request"> | undefined) {}

  hold(): void {
    if (!this.locks || this.letGo) return;
    const released = new Promise<void>((done) => (this.letGo = done));
    this.locks.request(WORK_LOCK, { mode: "shared" }, () => released).catch(() => undefined);
  }

  release(): void {
    this.letGo?.();
    this.letGo = null;
  }
}

/** What is used of `document`. */
type Page = Pick<Document, "hidden" | "addEventListener">;

/**
 * Keeps the screen on, and with it the machine awake, between `hold` and `release`. The browser ends a screen wake lock
 * when the page is hidden: it is requested again when the page is seen. Without such locks, or where one is refused (on
 * a low battery), nothing happens.
 */
export class ScreenLock {
  private isWanted = false;
  private lock: Pick<WakeLockSentinel, "release" | "released"> | null = null;

  constructor(
    private readonly wakeLock:
      { request(type: "screen"): Promise<Pick<WakeLockSentinel, "release" | "released">> } | undefined,
    private readonly page: Page,
  ) {
    page.addEventListener("visibilitychange", () => void this.request());
  }

  async hold(): Promise<void> {
    this.isWanted = true;
    await this.request();
  }

  async release(): Promise<void> {
    this.isWanted = false;
    const { lock } = this;
    this.lock = null;
    await lock?.release();
  }

  private get isHeld(): boolean {
    return this.lock?.released === false;
  }

  private async request(): Promise<void> {
    if (!this.wakeLock || !this.isWanted || this.page.hidden || this.isHeld) return;
    const lock = await this.wakeLock.request("screen").catch(() => null);
    if (!lock) return;
    // The run may have ended, or another request been answered, meanwhile.
    if (this.isWanted && !this.isHeld) this.lock = lock;
    else await lock.release();
  }
}
