import { expect, it } from "vitest";
import { startFrameMeter } from "../../src/app/frame-meter.ts";

/** A screen whose frames come when the test says so. */
function fakeScreen() {
  let next: (time: number) => void = () => undefined;
  const screen = {
    document: { hidden: false },
    requestAnimationFrame: (callback: (time: number) => void) => (next = callback),
  };
  return { screen, frames: (...times: number[]) => times.forEach((time) => next(time)) };
}

it("counts frames by part, and those that were dropped", () => {
  const { screen, frames } = fakeScreen();
  const meter = startFrameMeter(screen);
  frames(0, 16);
  meter.part("Waiting");
  frames(32, 48, 64);
  meter.part("Steps");
  frames(80, 144, 160, 176);
  expect(meter.stop()).toEqual({
    Waiting: { frames: 3, medianMs: 16, longestMs: 16, dropped: 0 },
    Steps: { frames: 4, medianMs: 16, longestMs: 64, dropped: 3 },
  });
});

it("leaves out the time in which the page was hidden, and counts no more once stopped", () => {
  const { screen, frames } = fakeScreen();
  const meter = startFrameMeter(screen);
  meter.part("Steps");
  frames(0, 16, 32);
  screen.document.hidden = true;
  frames(5_000);
  screen.document.hidden = false;
  frames(6_000, 6_016);
  const counted = { Steps: { frames: 3, medianMs: 16, longestMs: 16, dropped: 0 } };
  expect(meter.stop()).toEqual(counted);
  frames(9_000);
  expect(meter.stop()).toEqual(counted);
});

it("has nothing to say of parts without frames", () => {
  const { screen } = fakeScreen();
  const meter = startFrameMeter(screen);
  meter.part("Steps");
  expect(meter.stop()).toEqual({});
});
