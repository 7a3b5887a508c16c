import { expect, it } from "vitest";
import { spreadOf } from "../../../src/metrics/spread.ts";
import { summaryOf } from "../../../src/run/machine/summary.ts";
import { machineMeasurement } from "./measurement.ts";

it("sums up what was measured, and says of the rest that it was not", () => {
  const step = { "six layers of 384, 8 rows of 32": { ms: spreadOf([30, 31, 35]), jsMs: 3 } };
  const lines = summaryOf(
    machineMeasurement({
      waits: { seconds: 1, result: { idleMs: spreadOf([0.07, 0.0712, 0.08]) } },
      peaks: { seconds: 1, result: { gflops: 3612.4, gbytes: "not measured: budget", chains: [] } },
      steps: { seconds: 1, result: step },
      processor: { seconds: 1, failed: "No threads." },
      sameness: { seconds: 1, result: { equalBits: false } },
    }),
  );
  expect(lines.map(({ value }) => value)).toEqual([
    "Apple M2",
    "3,612 GFLOP/s",
    "not measured",
    "0.0712 ms",
    "31 ms",
    "not measured",
    "no",
  ]);
});
