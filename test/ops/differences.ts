import { setBackend, tidy, type Tensor } from "@tensorflow/tfjs-core";
import { expect } from "vitest";
import { createRandom, shuffledIndices } from "../../src/data/random.ts";
import { hostView } from "../../src/ops/host.ts";
import type { Values } from "./numbers.ts";

/** A step at which float32's rounding and the third derivative both stay near 1e-4 of a gradient. */
const STEP = 1e-2;

/** Σ y ⊙ weights in float64, where cpu is the running backend. */
export function weightedSum(forward: () => Tensor, weights: Values): number {
  return tidy(() => {
    const y = hostView(forward());
    return weights.values.reduce((sum, weight, i) => sum + weight * (y[i] ?? NaN), 0);
  });
}

/**
 * Expects of a gradient what central differences of `loss` on cpu say, which reads `input` anew at every call:
 * coordinate by coordinate (`most` of them, drawn at random), and along two directions through all of them.
 */
export async function expectGradient(
  gradient: Float32Array | undefined,
  input: Values,
  loss: () => number,
  what: string,
  most = 48,
): Promise<void> {
  await setBackend("cpu");
  const { values } = input;
  const random = createRandom(values.length);
  const all = Array.from(values.keys());
  const drawn = Array.from(shuffledIndices(values.length, random).subarray(0, most));
  const coordinates = drawn.map((at) => [[at, 1]] as const);
  const directions = [0, 1].map(() => all.map((at) => [at, random() < 0.5 ? -1 : 1] as const));
  for (const [name, probes] of [
    ["by coordinate", coordinates],
    ["by direction", directions],
  ] as const) {
    let off = 0;
    let norm = 0;
    for (const probe of probes) {
      const step = STEP / Math.sqrt(probe.length);
      const before = values.slice();
      const move = (factor: number) => {
        for (const [at, sign] of probe) values[at] = (before[at] ?? 0) + factor * sign * step;
        return loss();
      };
      const difference = (move(1) - move(-1)) / (2 * step);
      values.set(before);
      const slope = probe.reduce((sum, [at, sign]) => sum + sign * (gradient?.[at] ?? NaN), 0);
      off += (difference - slope) ** 2;
      norm += difference ** 2;
    }
    const ratio = Math.sqrt(off) / (Math.sqrt(norm) + 1e-3);
    expect(ratio, `${what} ${name}: gradient against differences of norm ${Math.sqrt(norm)}`).toBeLessThan(1e-2);
  }
}
