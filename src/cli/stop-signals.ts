const NUMBERS = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 } as const;
type StopSignal = keyof typeof NUMBERS;

/** npm passes on a signal that the terminal has already sent to all: the same signal within this time counts once. */
const SAME_MS = 400;

/** What signals do to a command; each function is called at most once. */
interface SignalActions {
  /** The first signal; false where there is nothing to save, so that the command ends at once. */
  stop: () => boolean;
  /** Called before the command ends at once: must be synchronous. */
  abandon?: () => void;
  /** What a stop keeps, in words; "what was trained" where not given. */
  keeps?: string;
}

/** How often to check whether the processes that run this program are alive. */
const LOOK_MS = 300;

/**
 * Ends a command in good order at SIGINT, SIGTERM or SIGHUP, and immediately at a second one. The end of npm, or of its
 * shell, counts as SIGTERM, since they pass on few signals (`scripts/program.mjs` names these processes).
 */
export class StopSignals {
  private first: StopSignal | null = null;
  private at = -Infinity;
  private wasWatched = false;

  constructor(private readonly actions: SignalActions) {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => this.take(signal));
    const runners = (process.env.TABTUNE_RUNNERS ?? "").split(",").filter(Boolean).map(Number);
    if (runners.length === 0) return;
    const look = setInterval(() => {
      if (this.first === null && runners.every(isAlive)) return;
      clearInterval(look);
      if (this.first !== null) return;
      this.wasWatched = true;
      this.take("SIGTERM");
    }, LOOK_MS);
    look.unref();
  }

  /** The exit code that shells give a program ended by the first signal; null without one. */
  get exitCode(): number | null {
    return this.first && 128 + NUMBERS[this.first];
  }

  private take(signal: StopSignal): void {
    const now = performance.now();
    if (this.first && (signal === this.first || this.wasWatched) && now - this.at < SAME_MS) return;
    this.at = now;
    const isFirst = this.first === null;
    this.first ??= signal;
    if (isFirst && this.actions.stop()) {
      const { keeps = "what was trained" } = this.actions;
      console.error(`${signal}: stopping, and keeping ${keeps}. A second signal ends at once.`);
      return;
    }
    this.actions.abandon?.();
    console.error(`${signal}: ended at once; nothing was written.`);
    process.exit(128 + NUMBERS[signal]);
  }
}

function isAlive(id: number): boolean {
  try {
    return process.kill(id, 0);
  } catch {
    return false;
  }
}
