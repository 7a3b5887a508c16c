import { beforeAll, describe, expect, it } from "vitest";
import { runningDevice } from "../../../src/gpu/running.ts";
import { scaleBack, scaleDown } from "../../../src/ops/gradient-scale/gradient-scale.ts";
import { BACKENDS, computeOn, startBackends } from "../backends.ts";
import { expectSameBits, randomValues, toTensor } from "../numbers.ts";

beforeAll(async () => {
  await startBackends();
});

/** The largest number, and the power of two that brings it below 1. */
const cases = [
  { largest: 0.99, power: 1 },
  { largest: 1, power: 0.5 },
  { largest: 3, power: 0.25 },
  { largest: -70_000, power: 2 ** -17 },
  { largest: 1e30, power: 2 ** -100 },
  { largest: Infinity, power: 1 },
];

describe.each(BACKENDS)("scaling gradients down and back, on %s", (backend) => {
  it.each(cases)("takes the power of two below the largest of all: $largest", async ({ largest, power }) => {
    for (const [size, at] of [
      [7, 5],
      [9000, 8999],
    ] as const) {
      const x = randomValues([size], size, 0.5);
      x.values[at] = largest;
      const found = await computeOn(backend, () => {
        // What is behind the numbers that count is not looked at.
        const padded = { shape: [size + 3], values: Float32Array.from([...x.values, 1e38, NaN, 5]) };
        const down = toTensor(padded);
        const scale = scaleDown(down, size);
        const back = runningDevice().together([[size], [3]]);
        back.forEach((one) => runningDevice().write(one, randomValues([one.size], 2).values.slice()));
        scaleBack(back, scale);
        return { down, scale, first: back[0] as typeof down, second: back[1] as typeof down };
      });
      expect([...(found.scale ?? [])]).toEqual([power, 1 / power]);
      expectSameBits({ down: found.down?.subarray(0, size) } as Record<string, Float32Array>, {
        down: x.values.map((value) => value * power),
      });
      const scaled = (count: number) => randomValues([count], 2).values.map((value) => value / power);
      expectSameBits({ first: found.first, second: found.second } as Record<string, Float32Array>, {
        first: scaled(size),
        second: scaled(3),
      });
    }
  });
});
