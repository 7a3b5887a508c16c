import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { longestFirst } from "../../src/tokenize/frame.ts";

describe("longestFirst", () => {
  it.each([
    [10, 5, 20, [10, 5]],
    [10, 5, 12, [7, 5]],
    [5, 10, 12, [5, 7]],
    [10, 10, 11, [5, 6]],
    [30, 20, 11, [6, 5]],
    [20, 30, 11, [5, 6]],
    [8, 9, 0, [0, 0]],
    [9, 8, 1, [1, 0]],
    [0, 9, 4, [0, 4]],
  ])("keeps of %i and %i tokens within %i: %j", (first, second, room, kept) => {
    expect(longestFirst(first, second, room)).toEqual(kept);
  });

  it("fills the room and lengthens nothing", () => {
    const length = fc.nat(40);
    fc.assert(
      fc.property(length, length, length, (first, second, room) => {
        const [a, b] = longestFirst(first, second, room);
        expect(a + b).toBe(Math.min(room, first + second));
        expect(a).toBeLessThanOrEqual(first);
        expect(b).toBeLessThanOrEqual(second);
        expect(Math.min(a, b)).toBeGreaterThanOrEqual(Math.min(first, second, Math.floor(room / 2)));
      }),
    );
  });
});
