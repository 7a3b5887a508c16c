import { describe, expect, it } from "vitest";
import { keptPerToken, modernConfig, pairsOf, paperFlops, windowsPage } from "../../bench/sections/families/windows.ts";

/** Pairs counted one by one. */
function counted(tokens: number, window: number): number {
  let pairs = 0;
  for (let query = 0; query < tokens; query++) {
    for (let key = 0; key < tokens; key++) if (Math.abs(query - key) <= window) pairs++;
  }
  return pairs;
}

describe("attention on paper", () => {
  it.each([
    [1, 64],
    [50, 64],
    [65, 64],
    [66, 64],
    [300, 64],
    [300, 0],
  ])("has the pairs that lie in windows: %i tokens, %i to each side", (tokens, window) => {
    expect(pairsOf(tokens, window)).toBe(counted(tokens, window));
  });

  it("looks at every third layer's pairs in full, or at those of all", () => {
    const [windows, full] = [paperFlops(modernConfig("windows"), 1024), paperFlops(modernConfig("full"), 1024)];
    expect(windows.products).toBe(full.products);
    expect(full.attention).toBe(14 * 256 * 6 * 1024 ** 2);
    expect(windows.attention).toBe(14 * 256 * (2 * 1024 ** 2 + 4 * (1024 * 129 - 64 * 65)));
    // Query, key, value and output of attention, and the three of a gated feed-forward.
    expect(full.products).toBe(6 * 1024 * 6 * (4 * 256 * 256 + 3 * 256 * 384));
  });
});

it("counts what a token keeps: eleven vectors in each layer, and a few numbers", () => {
  // Six layers: input, q, k, v, context, two norms and feed-forward's input; the gate's two halves and its output.
  const layer = 8 * 256 + 3 * 384 + 4 + 2;
  expect(keptPerToken(modernConfig("windows"))).toBe(4 * (6 * layer + 257));
});

describe("the page of windows", () => {
  const step = (tokens: number, processorMs: number, peakBytes: number) => {
    return { tokens, ms: 2 * processorMs, processorMs, peakBytes };
  };
  const steps = {
    windows: [step(256, 200, 70e6), step(512, 450, 92.5e6)],
    full: [step(256, 230, 70e6), step(512, 710, 92e6)],
  };

  it("shows how work, time and memory grow, and what windows save", () => {
    const lines = windowsPage({ adapter: "SIMD, 1 thread", steps }).split("\n");
    const kept = (keptPerToken(modernConfig("full")) / 1e3).toFixed(1);
    expect(lines).toContain(`| 512 | 10.3 | 2.8 | 13.0 | ×2.2 | 450 | ×2.3 | 92.5 | 87.9 | ${kept} |`);
    expect(lines).toContain(`| 512 | 10.3 | 5.6 | 15.9 | ×2.4 | 710 | ×3.1 | 92.0 | 85.9 | ${kept} |`);
    expect(lines).toContain("| 512 | 2.9 | 260 | 11.0 | 0.82 | 0.63 |");
  });
});
