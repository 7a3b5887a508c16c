import { describe, expect, it } from "vitest";
import type { Peer } from "../../bench/peers/peer.ts";
import { median } from "../../src/metrics/spread.ts";
import { lossesOf, repeatStep, requireEqual } from "../../bench/peers/step-cost.ts";

/** A peer whose loss is the number of its step. */
function countingPeer(): Peer {
  let steps = 0;
  return {
    step() {
      const step = ++steps;
      return { loss: async () => step };
    },
    dispose: () => undefined,
  };
}

const rows = { ids: [[1]], types: [[0]], labels: [0] };

describe("the cost of a step", () => {
  it("comes from as many steps as were asked for", async () => {
    const peer = countingPeer();
    const { repeats, minMs, medianMs, jsMs } = await repeatStep(peer, rows, 5);
    expect(repeats).toBe(5);
    expect(minMs).toBeLessThanOrEqual(medianMs);
    expect(jsMs).toBeLessThanOrEqual(medianMs);
    expect(await lossesOf(peer, rows, 2)).toEqual([6, 7]);
  });

  it("has a median of an odd and of an even number of steps", () => {
    expect(median([3, 1, 10])).toBe(3);
    expect(median([4, 1, 10, 2])).toBe(3);
    expect(median([7])).toBe(7);
  });

  it("is refused to peers that compute something else", () => {
    expect(() => requireEqual("peer", [1, 2.0005], [1, 2], 1e-3)).not.toThrow();
    expect(() => requireEqual("peer", [1, 2.5], [1, 2], 1e-3)).toThrow(/differ by 0.5: peer 1, 2.5, ours 1, 2/);
    expect(() => requireEqual("peer", [1], [1, 2], 1e-3)).toThrow(/differ/);
    expect(() => requireEqual("peer", [1, NaN], [1, 2], 1e-3)).toThrow(/differ/);
  });
});
