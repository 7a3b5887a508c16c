import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { RunControl } from "../../src/train/control.ts";
import { Stopwatch } from "../../src/train/stopwatch.ts";

let now = 0;
beforeEach(() => {
  now = 1000;
  vi.spyOn(performance, "now").mockImplementation(() => now);
});
afterEach(() => {
  vi.restoreAllMocks();
});

async function pauseFor(control: RunControl, ms: number, end: "resume" | "stop" = "resume"): Promise<void> {
  control.pause();
  const rest = control.unpaused();
  now += ms;
  control[end]();
  await rest;
}

describe("the time of a run", () => {
  it("counts no pause, neither as training nor otherwise", async () => {
    const control = new RunControl();
    const watch = new Stopwatch(control);
    watch.start();
    now += 50;
    watch.stop();
    await pauseFor(control, 60_000);
    watch.start();
    now += 30;
    watch.stop();
    await pauseFor(control, 5000);
    now += 20;
    expect([watch.wallMs, watch.trainingMs]).toEqual([100, 80]);
  });

  it("counts no pause of a part of the run that came before", async () => {
    const control = new RunControl();
    await pauseFor(control, 7000);
    const watch = new Stopwatch(control);
    now += 40;
    expect(watch.wallMs).toBe(40);
  });

  it("ends where a paused run is stopped", async () => {
    const control = new RunControl();
    const watch = new Stopwatch(control);
    now += 10;
    await pauseFor(control, 9000, "stop");
    now += 5;
    expect(watch.wallMs).toBe(15);
    expect(control.pausedMs).toBe(9000);
  });

  it("goes on where a run that is not paused asks whether it is", async () => {
    const control = new RunControl();
    await control.unpaused();
    now += 10;
    expect(control.pausedMs).toBe(0);
  });
});
