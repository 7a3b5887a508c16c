import { describe, expect, it, vi } from "vitest";
import { RunControl } from "../../src/train/control.ts";

describe("RunControl", () => {
  it("lets a run go on at once", async () => {
    const control = new RunControl();
    await control.unpaused();
    expect([control.paused, control.stops, control.skipsEvaluation]).toEqual([false, false, false]);
  });

  it("holds a paused run until it is resumed", async () => {
    const control = new RunControl();
    control.pause();
    let passed = false;
    const waiting = control.unpaused().then(() => (passed = true));
    await Promise.resolve();
    expect([control.paused, passed]).toEqual([true, false]);
    control.resume();
    await waiting;
    expect([control.paused, control.stops]).toEqual([false, false]);
  });

  it("says when a run rests, once, and not when it goes on without a pause", async () => {
    const onPaused = vi.fn();
    const control = new RunControl(onPaused);
    await control.unpaused();
    control.pause();
    expect(onPaused).not.toHaveBeenCalled();
    const waiting = control.unpaused();
    expect(onPaused).toHaveBeenCalledOnce();
    control.resume();
    await waiting;
    expect(onPaused).toHaveBeenCalledOnce();
  });

  it("wakes a paused run to stop it", async () => {
    const control = new RunControl();
    control.pause();
    const waiting = control.unpaused();
    control.stop();
    await waiting;
    expect([control.stops, control.skipsEvaluation]).toEqual([true, false]);
  });

  it("skips the last evaluation at the second stop, and neither pauses nor resumes a stopped run", () => {
    const control = new RunControl();
    control.stop();
    control.pause();
    expect([control.stops, control.paused]).toEqual([true, false]);
    control.resume();
    expect(control.stops).toBe(true);
    control.stop();
    expect(control.skipsEvaluation).toBe(true);
  });
});
