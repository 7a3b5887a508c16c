import { getBackend, tensor, type Tensor } from "@tensorflow/tfjs-core";
import { expect } from "vitest";
import { createRandom } from "../../src/data/random.ts";
import type { BackendName, Numbers } from "./backends.ts";

/** A float tensor as plain numbers. */
export interface Values {
  shape: number[];
  values: Float32Array;
}

/** Seeded numbers, even between -scale and scale. */
export function randomValues(shape: number[], seed: number, scale = 1): Values {
  const random = createRandom(seed);
  const size = shape.reduce((a, b) => a * b, 1);
  return { shape, values: Float32Array.from({ length: size }, () => scale * (2 * random() - 1)) };
}

/** On the running backend. */
export function toTensor({ shape, values }: Values): Tensor {
  return tensor(values.slice(), shape, "float32");
}

/**
 * On the running backend as the engine holds what has a row for each token: on webgpu with room for `capacity` rows,
 * those past the end filled with NaN, which shows in every result that reads them; elsewhere exact.
 */
export function toCapacity({ shape, values }: Values, capacity: number): Tensor {
  const [rows = 0, ...rest] = shape;
  if (getBackend() !== "webgpu") return toTensor({ shape, values });
  const padded = new Float32Array((values.length / rows) * capacity).fill(NaN);
  padded.set(values);
  return tensor(padded, [capacity, ...rest], "float32");
}

/**
 * Expects that every number is near: within `tolerance` times its own size and the root mean square of all. Numbers
 * past the end of `expected` are rows past the last token and are not looked at.
 */
export function expectNear(
  found: Float32Array | undefined,
  expected: Float32Array,
  tolerance: number,
  what: string,
): void {
  const squares = expected.reduce((sum, value) => sum + value * value, 0);
  const typical = Math.sqrt(squares / Math.max(1, expected.length));
  let worst = { excess: 0, at: -1 };
  expected.forEach((value, at) => {
    const off = Math.abs((found?.[at] ?? NaN) - value);
    const excess = off / (tolerance * (Math.abs(value) + typical) + 1e-12);
    if (!(excess <= 1) && !(excess < worst.excess)) worst = { excess, at };
  });
  const seen = `${what}: ${found?.[worst.at]} instead of ${expected[worst.at]} at ${worst.at}`;
  expect(expected.length, what).toBeGreaterThan(0);
  expect(worst.at, seen).toBe(-1);
}

/** Expects of all backends what cpu gives, of cpu at least one number. */
export function expectAgreement(all: Partial<Record<BackendName, Numbers>> & { cpu: Numbers }, tolerance = 1e-5): void {
  const { cpu, ...others } = all;
  expect(Object.keys(others).length).toBeGreaterThan(0);
  for (const [backend, found] of Object.entries(others)) {
    expect(Object.keys(found)).toEqual(Object.keys(cpu));
    for (const [name, expected] of Object.entries(cpu)) {
      expectNear(found[name], expected, tolerance, `${name} on ${backend}`);
    }
  }
}

/** Expects the bits of `expected`, and whatever behind them: rows past the last token. */
export function expectSameBits(found: Numbers, expected: Numbers): void {
  expect(Object.keys(found)).toEqual(Object.keys(expected));
  for (const [name, values] of Object.entries(expected)) {
    const differs = values.findIndex((value, i) => !Object.is(found[name]?.[i], value));
    expect(differs, `${name}: ${found[name]?.[differs]} instead of ${values[differs]} at ${differs}`).toBe(-1);
  }
}
