import { describe, expect, it } from "vitest";
import { workOf, type StepShape } from "../../bench/sections/ops/dispatch-work.ts";

/** Two rows, seven tokens of 8 numbers in buffers for sixteen. */
const step: StepShape = { lengths: [4, 3], tokenCapacity: 16, hidden: 8, heads: 2 };
const bytes = (...floats: number[]) => floats.map((count) => 4 * count);

describe("the work of a dispatch of a linear layer", () => {
  const [outputs, inputs, tokens] = [12, 8, 7];
  const weight = outputs * inputs;
  const layer = weight + outputs;

  it.each([
    ["FORWARD storeBias", bytes(16 * 8, weight, 12, 16 * 12), tokens * (8 + 12)],
    ["FORWARD storeActivated", bytes(16 * 8, weight, 12, 16 * 12, 16 * 12), tokens * (8 + 12 + 12)],
    ["INPUT_GRADIENT storePlain", bytes(16 * 12, weight, 16 * 8), tokens * (12 + 8)],
    ["INPUT_GRADIENT storeAdded", bytes(16 * 12, weight, 16 * 8, 16 * 8), tokens * (12 + 8 + 8)],
    ["WEIGHT_GRADIENT storePlain", bytes(16 * 12, 16 * 8, weight, 12), tokens * (12 + 8)],
  ])("is two operations for each token and weight: %s", (name, sizes, numbers) => {
    const work = workOf(`matmul shared 64×64 ${name}{"PRODUCT":0}`, sizes, step);
    expect(work).toMatchObject({ flops: 2 * tokens * weight, bytes: 4 * (numbers + layer) });
    expect(work.kind).toContain("8 to 12");
  });

  it("counts rows where the layer reads one vector of each", () => {
    const { kind, flops } = workOf("matmul any FORWARD storeBias", bytes(2 * 8, 3 * 8, 3, 2 * 3), step);
    expect(flops).toBe(2 * 2 * 3 * 8);
    expect(kind).toContain("of rows");
  });
});

describe("the work of other dispatches", () => {
  it("grows with the square of each row's length in attention", () => {
    const sizes = bytes(16 * 24, 16 * 2, 16 * 8, 16 * 2);
    const pairs = 4 * 4 + 3 * 3;
    expect(workOf('attention{"HEAD4":1}', sizes, step).flops).toBe(4 * pairs * 8);
    expect(workOf('attention-by-query{"HEAD4":1}', sizes, step).flops).toBe(6 * pairs * 8);
    expect(workOf('attention-by-key{"HEAD4":1}', sizes, step).flops).toBe(8 * pairs * 8);
  });

  it("is memory alone in LayerNorm, with the branch where there is one", () => {
    const row = 4 * 7 * 8;
    const forward = (branch: number) => workOf("layer-norm{}", bytes(128, branch, 8, 8, 128, 128, 16), step);
    expect(forward(128)).toMatchObject({ flops: 0, bytes: 4 * row });
    expect(forward(0)).toMatchObject({ flops: 0, bytes: 3 * row });
    const backward = (place: number) => workOf(`layer-norm-backward{"ON_BRANCH":0,"PLACE":${place}}`, [], step);
    expect([backward(0).bytes, backward(1).bytes]).toEqual([4 * row, 3 * row]);
  });

  it("counts what AdamW reads and writes: gradient, weight and two moments", () => {
    expect(workOf("adamw by eights{}", bytes(3, 40, 40, 40, 40), step).bytes).toBe(7 * 160);
    const rows = bytes(3, 40, 40, 8, 40, 5);
    expect(workOf("adamw of rows by eights{}", rows, step).bytes).toBe(6 * 160 + 32 + 20);
    const together = bytes(3, 100, 10, 10, 20, 20, 1, 1);
    expect(workOf("adamw-together{}", together, step).bytes).toBe(7 * 4 * 31);
  });

  it("takes each binding once where it has no rule", () => {
    expect(workOf("dropout-mask{}", [64, 64], step)).toEqual({ kind: "dropout-mask", flops: 0, bytes: 128 });
  });
});
