import { describe, expect, it } from "vitest";
import type { Budget } from "../../../src/run/machine/budget.ts";
import { measurePieces, type Piece } from "../../../src/run/machine/pieces.ts";
import { FakeClock } from "./fake-gpu.ts";

const never = new Promise<never>(() => undefined);

function world() {
  const clock = new FakeClock();
  const told: [string, number, number][] = [];
  const options = {
    seconds: 100,
    clock: clock.now,
    stops: () => false,
    lost: never,
    onPiece: (...progress: [string, number, number]) => void told.push(progress),
  };
  /** A piece that measures whatever its budget allows, `each` milliseconds at a time. */
  const piece = (name: string, seconds: number, each: number): Piece => ({
    name,
    what: name,
    seconds,
    measure: async (budget: Budget) => {
      const turns = await budget.repeat(1000, () => void (clock.ms += each));
      return turns.length;
    },
  });
  return { clock, told, options, piece };
}

describe("pieces of a measurement", () => {
  it("each end with their own budget, and tell how far they are", async () => {
    const { told, options, piece } = world();
    const results = await measurePieces([piece("a", 10, 3000), piece("b", 20, 1000)], options);
    // A fourth turn would begin after 9 of 10 seconds and take 3.
    expect(results).toEqual({ a: { seconds: 9, result: 3 }, b: { seconds: 19, result: 19 } });
    expect(told).toEqual([
      ["a", 0, 30],
      ["b", 10, 30],
      ["Done", 30, 30],
    ]);
  });

  it("that outlast their budget leave the others what is left of the whole", async () => {
    const { options, piece } = world();
    const results = await measurePieces([piece("slow", 10, 95_000), piece("b", 20, 2000), piece("c", 5, 1)], options);
    expect(results).toEqual({
      slow: { seconds: 95, result: 1 },
      b: { seconds: 4, result: 2 },
      c: { seconds: 0.999, result: 999 },
    });
    const late = world();
    const all = [late.piece("slow", 10, 101_000), late.piece("b", 20, 2000)];
    expect(await measurePieces(all, late.options)).toMatchObject({ b: { notMeasured: "not measured: budget" } });
  });

  it("that fail are recorded, and the next begins", async () => {
    const { options, piece } = world();
    const broken: Piece = { ...piece("broken", 5, 1), measure: () => Promise.reject(new Error("No such buffer.")) };
    const results = await measurePieces([broken, piece("b", 5, 4000)], options);
    expect(results).toEqual({ broken: { seconds: 0, failed: "No such buffer." }, b: { seconds: 4, result: 1 } });
  });

  it("that never answer end when the device is lost, and the others say so", async () => {
    const { options, piece } = world();
    let lose: (error: Error) => void = () => undefined;
    const lost = new Promise<never>((_, reject) => (lose = reject));
    const hanging: Piece = { ...piece("hanging", 5, 1), measure: () => (lose(new Error("The GPU was lost.")), never) };
    const results = await measurePieces([hanging, piece("b", 5, 1)], { ...options, lost });
    expect(results).toEqual({
      hanging: { seconds: 0, failed: "The GPU was lost." },
      b: { notMeasured: "not measured: The GPU was lost." },
    });
  });

  it("end with what they have when a person stops them", async () => {
    const { clock, options, piece } = world();
    const results = await measurePieces([piece("a", 10, 1000), piece("b", 10, 1000)], {
      ...options,
      stops: () => clock.ms >= 3000,
    });
    expect(results).toEqual({ a: { seconds: 3, result: 3 }, b: { notMeasured: "not measured: stopped" } });
  });
});
