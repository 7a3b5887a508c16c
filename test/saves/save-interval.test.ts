import { describe, expect, it } from "vitest";
import { parseInterval, SaveClock } from "../../src/saves/save-interval.ts";
import { thrownBy } from "../io/thrown-by.ts";

describe("the interval of saves", () => {
  it("is a time, a number of steps or off", () => {
    expect(parseInterval("5s")).toEqual({ ms: 5000 });
    expect(parseInterval("10m")).toEqual({ ms: 600_000 });
    expect(parseInterval("1.5 h")).toEqual({ ms: 5_400_000 });
    expect(parseInterval("200steps")).toEqual({ steps: 200 });
    expect(parseInterval("1 step")).toEqual({ steps: 1 });
    expect(parseInterval("off")).toBe("off");
  });

  it.each(["", "10", "0s", "-5m", "ten", "5 days", "1.5steps", "s"])("is not “%s”", async (text) => {
    expect((await thrownBy(Promise.resolve().then(() => parseInterval(text)))).expected).toContain("5s, 10m, 1h");
  });
});

describe("a save is due", () => {
  const at = { now: 0 };
  const clockOf = (text: string, stretches = false) => {
    at.now = 0;
    return new SaveClock(parseInterval(text), { stretches, now: () => at.now });
  };

  it("when the interval has passed since the last one, at an epoch's end too", () => {
    const clock = clockOf("10s");
    at.now = 9_999;
    expect([clock.isDue("step", 5), clock.isDue("epoch", 5)]).toEqual([false, false]);
    at.now = 10_000;
    expect([clock.isDue("step", 5), clock.isDue("epoch", 5)]).toEqual([true, true]);
    clock.saved(5, 100);
    expect(clock.isDue("step", 6)).toBe(false);
  });

  it("after a number of steps", () => {
    const clock = clockOf("3steps");
    expect([clock.isDue("step", 2), clock.isDue("step", 3)]).toEqual([false, true]);
    clock.saved(3, 100);
    expect([clock.isDue("step", 5), clock.isDue("step", 6)]).toEqual([false, true]);
  });

  it("later where saves take long, so that they take 3 % of the time, and not where it is obeyed as given", () => {
    for (const [stretches, due] of [
      [true, false],
      [false, true],
    ] as const) {
      const clock = clockOf("10s", stretches);
      clock.saved(1, 600);
      at.now = 19_999;
      expect(clock.isDue("step", 9)).toBe(due);
      at.now = 20_000;
      expect(clock.isDue("step", 9)).toBe(true);
    }
  });

  it("when the page is hidden or the run paused, half a minute after the last one", () => {
    const clock = clockOf("10m");
    at.now = 29_999;
    expect([clock.isDue("hidden", 4), clock.isDue("pause", 4)]).toEqual([false, false]);
    at.now = 30_000;
    expect([clock.isDue("hidden", 4), clock.isDue("pause", 4)]).toEqual([true, true]);
    clock.saved(4, 10);
    at.now = 90_000;
    expect(clock.isDue("pause", 4), "nothing was trained since").toBe(false);
  });

  it("at a stop, and never where saving is off", () => {
    expect(clockOf("10m").isDue("stop", 3)).toBe(true);
    at.now = 1e9;
    expect(clockOf("off").isDue("stop", 3)).toBe(false);
  });
});
