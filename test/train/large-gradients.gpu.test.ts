import { beforeAll, describe, expect, it } from "vitest";
import { runningGpu } from "../../src/gpu/running.ts";
import { startBackends } from "../ops/backends.ts";
import { expectSameBits } from "../ops/numbers.ts";
import { trainedSteeply } from "./large-gradients.ts";

beforeAll(async () => {
  await startBackends();
  // The software adapter has no 16-bit floats: products stay in float32, and all else is as in mixed precision.
  runningGpu().mixes = true;
});

describe("steps in mixed precision, whose gradients are scaled", () => {
  it.each([
    { factor: 1, rDrop: 0 },
    { factor: 1e6, rDrop: 0 },
    { factor: 1e6, rDrop: 1 },
  ])("have the bits of float32 where products round nothing: $factor, R-Drop $rDrop", async ({ factor, rDrop }) => {
    const [mixed, plain] = [
      await trainedSteeply("mixed", factor, rDrop),
      await trainedSteeply("float32", factor, rDrop),
    ];
    expectSameBits(mixed.weights, plain.weights);
    expect(mixed.losses).toEqual(plain.losses);
    expect(mixed.norms).toEqual(plain.norms);
    expect(mixed.norms.every((norm) => norm > 0.01 * factor && norm < Infinity)).toBe(true);
  });
});
