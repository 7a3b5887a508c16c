import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { claimOf, decidedClass } from "../../src/metrics/decision.ts";
import { argmax } from "../../src/metrics/softmax.ts";

const classes = fc.integer({ min: 2, max: 6 });
/** Probabilities of classes, no two alike and none exactly a threshold. */
const probabilities = (length: number) =>
  fc
    .uniqueArray(fc.integer({ min: 1, max: 9973 }), { minLength: length, maxLength: length })
    .map((parts) => parts.map((part) => part / parts.reduce((sum, one) => sum + one, 0)));
const threshold = fc.integer({ min: 1, max: 99 }).map((n) => n / 100 + 1e-7);
const row = classes.chain((length) =>
  fc.record({
    p: probabilities(length),
    thresholds: fc.array(fc.option(threshold), { minLength: length, maxLength: length }),
    label: fc.nat(length - 1),
    own: threshold,
  }),
);

describe("decidedClass", () => {
  it("is the most probable class without thresholds, and with equal ones", () => {
    fc.assert(
      fc.property(row, ({ p, own }) => {
        expect(
          decidedClass(
            p,
            p.map(() => null),
          ),
        ).toBe(argmax(p));
        expect(
          decidedClass(
            p,
            p.map(() => own),
          ),
        ).toBe(argmax(p));
      }),
    );
  });

  it("is a class alone with a threshold from its threshold on, else the most probable of the others", () => {
    fc.assert(
      fc.property(row, ({ p, label, own }) => {
        const others = p.map((value, k) => (k === label ? -1 : value));
        const thresholds = p.map((_, k) => (k === label ? own : null));
        expect(decidedClass(p, thresholds)).toBe((p[label] ?? 0) >= own ? label : argmax(others));
      }),
    );
  });

  it("tells two classes apart at t where they have t and 1 − t", () => {
    fc.assert(
      fc.property(threshold, probabilities(2), (t, p) => {
        expect(decidedClass(p, [t, 1 - t])).toBe((p[0] ?? 0) >= t ? 0 : 1);
      }),
    );
  });
});

describe("claimOf", () => {
  it("is the highest threshold with which a class is predicted, whatever the others have", () => {
    fc.assert(
      fc.property(row, ({ p, thresholds, label, own }) => {
        const claim = claimOf(p, thresholds, label);
        fc.pre(Math.abs(claim - own) > 1e-9);
        const isPredicted =
          decidedClass(
            p,
            thresholds.map((one, k) => (k === label ? own : one)),
          ) === label;
        expect(isPredicted).toBe(own <= claim);
      }),
      { numRuns: 2000 },
    );
  });
});
