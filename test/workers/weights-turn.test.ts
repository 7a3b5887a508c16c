import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Weights } from "../../src/run/run.ts";
import { WeightsTurn } from "../../src/workers/weights-turn.ts";

const later = (turns: number) =>
  Array.from({ length: turns }).reduce<Promise<void>>((all) => all.then(), Promise.resolve());

describe("works on a run's weights", () => {
  it("never run beside works on others, and all end", async () => {
    const works = fc.array(
      fc.record({ weights: fc.constantFrom<Weights>("best", "last", "baseline"), turns: fc.nat(6) }),
      { maxLength: 20 },
    );
    await fc.assert(
      fc.asyncProperty(works, async (all) => {
        const turn = new WeightsTurn();
        const running: Weights[] = [];
        const ended = await Promise.all(
          all.map(({ weights, turns }, i) =>
            turn.hold(weights, async () => {
              running.push(weights);
              // A work may hold its own weights again.
              await turn.hold(weights, () => later(turns));
              expect(new Set(running.filter((one) => one !== "baseline")).size).toBeLessThanOrEqual(1);
              running.splice(running.indexOf(weights), 1);
              return i;
            }),
          ),
        );
        expect(ended).toEqual([...all.keys()]);
      }),
    );
  });

  it("go on after one that failed", async () => {
    const turn = new WeightsTurn();
    const failed = turn.hold("best", () => Promise.reject(new Error("no")));
    const next = turn.hold("last", () => Promise.resolve(1));
    await expect(failed).rejects.toThrow("no");
    await expect(next).resolves.toBe(1);
  });
});
