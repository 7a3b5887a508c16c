import { Problem } from "../problem/problem.ts";

/** How often a run is saved: after this time, after this number of steps, or never. */
export type SaveInterval = { ms: number } | { steps: number } | "off";

const UNITS: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000 };

/** Reads "5s", "10m", "1h", "200steps" or "off". Throws a Problem for anything else. */
export function parseInterval(text: string): SaveInterval {
  if (text === "off") return "off";
  const [, digits = "", unit = ""] = /^(\d+(?:\.\d+)?) ?(s|m|h|steps?)$/.exec(text.trim()) ?? [];
  const count = Number(digits);
  const ms = UNITS[unit];
  if (ms !== undefined && count > 0) return { ms: count * ms };
  if (unit.startsWith("step") && Number.isInteger(count) && count > 0) return { steps: count };
  throw new Problem({
    found: `“${text}” is no interval of saves.`,
    expected: "A time or a number of steps was expected, or off: 5s, 10m, 1h, 200steps.",
    remedy: "Write e.g. --save-every 10m.",
  });
}

/** Hiding the page and a pause are saved when this time has passed since the last save. */
const SHORTEST_MS = 30_000;
/** Saving takes at most this share of the time, where intervals may stretch. */
const MOST_SHARE = 0.03;

interface ClockOptions {
  /** Whether saves that take long come less often than was asked for. */
  stretches: boolean;
  now: () => number;
}

/** When a run is to be saved. */
export class SaveClock {
  private savedAt: number;
  private savedStep = 0;
  private lastMs = 0;

  /** @param interval as a person asked for it */
  constructor(
    private readonly interval: SaveInterval,
    private readonly options: ClockOptions,
  ) {
    this.savedAt = options.now();
  }

  /** @param moment the page was hidden or the run paused, an epoch ended, it is stopped, or none of these */
  isDue(moment: "step" | "epoch" | "pause" | "hidden" | "stop", step: number): boolean {
    const { interval } = this;
    if (interval === "off") return false;
    if (moment === "stop") return true;
    const passed = this.options.now() - this.savedAt;
    if (moment === "pause" || moment === "hidden") return passed >= SHORTEST_MS && step > this.savedStep;
    if ("steps" in interval) return step - this.savedStep >= interval.steps;
    const stretched = this.options.stretches ? this.lastMs / MOST_SHARE : 0;
    return passed >= Math.max(interval.ms, stretched);
  }

  /** Called after a save, or an attempt at one. */
  saved(step: number, tookMs: number): void {
    this.savedAt = this.options.now();
    this.savedStep = step;
    this.lastMs = tookMs;
  }
}
