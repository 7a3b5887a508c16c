import { describe, expect, it } from "vitest";
import { scaledStockMs, stepGoals, stepPage, type StepBench } from "../../bench/sections/step/step.ts";

const cost = (minMs: number, dispatches = 200, peakBytes = 400e6) => ({
  minMs,
  medianMs: minMs + 10,
  jsMs: 20,
  repeats: 3,
  dispatches,
  peakBytes,
});

const result: StepBench = {
  adapter: "SwiftShader",
  short: { ours: cost(4000), stock: cost(60_000, 2600, 2e9), jax: cost(11_000, 980, 913e6) },
  long: {
    kept: { cost: cost(32_000, 200, 770e6), neededBytes: 700e6 },
    checkpointed: { cost: cost(40_000, 230, 600e6), neededBytes: 500e6 },
  },
  sst2: {
    real: true,
    ours: { rows: 16, tokens: 409, cost: cost(6000) },
    stock: { paddedTo: 128, one: cost(35_000), two: cost(60_000) },
  },
};

describe("the step's page", () => {
  it("adds for each row that stock tfjs was not given what one more took it", () => {
    expect(scaledStockMs(result.sst2)).toBe(60_000 + 14 * 25_000);
  });

  it("holds each goal against what was measured", () => {
    const measured = stepGoals(result).map(({ measured }) => Number(measured.toFixed(2)));
    expect(measured).toEqual([15, 2.75, 68.33, 200, 1.1, 1.2]);
    const verdicts = stepPage(result).match(/(reached|\*\*missed\*\*)/g);
    expect(verdicts).toEqual(["reached", "reached", "reached", "reached", "reached", "**missed**"]);
  });

  it("shows every peer's figures and the ratios to ours", () => {
    const lines = stepPage(result).split("\n");
    expect(lines).toContain("| Tabtune, AdamW | 4,000 | 4,010 | 3 | 20 | 200 | 400.0 |");
    expect(lines).toContain("| jax-js : ours | 2.8 | 2.7 |  | 1.0 | 4.9 | 2.3 |");
    expect(lines).toContain("| Tabtune, checkpointed | 40,000 | 40,010 | 3 | 20 | 230 | 600.0 | 500.0 | 1.20 |");
    expect(lines).toContain("| stock tfjs-webgpu, 16 rows, padded | 410,000 (scaled) | 0.039 |");
  });
});
