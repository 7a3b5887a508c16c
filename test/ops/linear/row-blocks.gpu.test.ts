import type { Tensor } from "@tensorflow/tfjs-core";
import { afterEach, beforeAll, expect, it, vi } from "vitest";
import { runningGpu } from "../../../src/gpu/running.ts";
import {
  linear,
  linearActivated,
  linearGradientThrough,
  linearInputGradient,
  linearParameterGradient,
} from "../../../src/ops/linear/linear.ts";
import { computeOn, startBackends } from "../backends.ts";
import { expectSameBits, randomValues, toTensor } from "../numbers.ts";

beforeAll(async () => {
  await startBackends();
});

afterEach(() => {
  vi.restoreAllMocks();
});

interface Sizes {
  tokens: number;
  inner: number;
  columns: number;
}

/** Every product of the family with every epilogue. */
function everyProduct({ tokens, inner, columns }: Sizes): Record<string, Tensor> {
  const [x, dy] = [toTensor(randomValues([tokens, inner], 1)), toTensor(randomValues([tokens, columns], 4))];
  const [w, b] = [toTensor(randomValues([columns, inner], 2)), toTensor(randomValues([columns], 3))];
  const residual = toTensor(randomValues([tokens, inner], 5));
  const { y, z } = linearActivated(x, w, b, tokens, "gelu");
  return {
    plain: linear(x, w, b, tokens),
    y,
    z,
    dx: linearInputGradient(dy, w, tokens),
    dxAndResidual: linearInputGradient(dy, w, tokens, residual),
    through: linearGradientThrough(dy, w, tokens, residual, "gelu"),
    ...linearParameterGradient(dy, x, tokens),
  };
}

const PRODUCTS = 6;

it.each([
  { tokens: 200, inner: 132, columns: 260, parts: 2 },
  { tokens: 131, inner: 68, columns: 72, parts: 64 },
  // No multiples of 4.
  { tokens: 150, inner: 129, columns: 195, parts: 4 },
])("products have the same bits in $parts parts: $tokens × $inner × $columns", async ({ parts, ...sizes }) => {
  for (const backend of ["webgpu", "gpu"] as const) {
    const dispatch = vi.spyOn(runningGpu(), "dispatch");
    const partsFor = vi.spyOn(runningGpu(), "partsFor").mockReturnValue(1);
    const whole = await computeOn(backend, () => everyProduct(sizes));
    expect(dispatch).toHaveBeenCalledTimes(PRODUCTS);
    dispatch.mockClear();
    partsFor.mockReturnValue(parts);
    expectSameBits(await computeOn(backend, () => everyProduct(sizes)), whole);
    expect(dispatch.mock.calls.length).toBeGreaterThanOrEqual(2 * PRODUCTS);
    vi.restoreAllMocks();
  }
});
