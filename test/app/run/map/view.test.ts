import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  moved,
  nearestRow,
  onScreen,
  rowsInView,
  rowsWithin,
  rowTowards,
  wholeView,
  zoomed,
} from "../../../../src/app/run/map/view.ts";

const size = { width: 400, height: 300 };
const layouts = fc
  .array(fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: -50, max: 50 })), {
    minLength: 1,
    maxLength: 30,
  })
  .map((points) => Float32Array.from(points.flat()));

describe("a view of a map", () => {
  it("shows all rows at first, the same length in both directions", () => {
    fc.assert(
      fc.property(layouts, (layout) => {
        const places = onScreen(layout, wholeView(layout, size));
        expect(rowsInView(places, size)).toHaveLength(layout.length / 2);
        for (let at = 0; at < places.length; at += 2) {
          expect(places[at]).toBeGreaterThanOrEqual(15.9);
          expect(places[at]).toBeLessThanOrEqual(size.width - 15.9);
          expect(places[at + 1]).toBeGreaterThanOrEqual(15.9);
          expect(places[at + 1]).toBeLessThanOrEqual(size.height - 15.9);
        }
      }),
    );
  });

  it("keeps the place under the pointer in a zoom, and ends where all is seen", () => {
    fc.assert(
      fc.property(layouts, fc.nat(400), fc.nat(300), (layout, x, y) => {
        const whole = wholeView(layout, size);
        const near = zoomed(whole, 3, { x, y }, whole);
        const place = (view: typeof whole) => [(x - view.x) / view.scale, (view.y - y) / view.scale];
        place(near).forEach((one, i) => expect(one).toBeCloseTo(place(whole)[i] ?? NaN, 4));
        expect(zoomed(moved(near, 40, 5), 0.01, { x, y }, whole)).toEqual(whole);
      }),
    );
  });

  it("finds the rows within a line around them", () => {
    const places = Float32Array.of(10, 10, 50, 50, 90, 10, 50, 20);
    const hollow = [
      { x: 0, y: 0 },
      { x: 100, y: 0 },
      { x: 100, y: 30 },
      { x: 60, y: 30 },
      { x: 60, y: 10 },
      { x: 40, y: 10 },
      { x: 40, y: 30 },
      { x: 0, y: 30 },
    ];
    expect([...rowsWithin(places, hollow)]).toEqual([0, 2]);
    expect([...rowsWithin(places, [])]).toEqual([]);
  });

  it("goes to the nearest row in a direction, and stays where there is none", () => {
    const places = Float32Array.of(0, 0, 10, 1, 30, 0, 0, 20);
    expect(rowTowards(places, 0, { x: 1, y: 0 })).toBe(1);
    expect(rowTowards(places, 1, { x: 1, y: 0 })).toBe(2);
    expect(rowTowards(places, 0, { x: 0, y: 1 })).toBe(3);
    expect(rowTowards(places, 0, { x: -1, y: 0 })).toBe(0);
    expect(nearestRow(places, { x: 9, y: 1 }, 5)).toBe(1);
    expect(nearestRow(places, { x: 200, y: 200 }, 14)).toBeNull();
  });
});
