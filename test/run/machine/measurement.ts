import type { MachineMeasurement } from "../../../src/run/machine/measure-machine.ts";

/** A measurement whose pieces are those given. */
export function machineMeasurement(pieces: MachineMeasurement["pieces"] = {}): MachineMeasurement {
  return {
    format: 1,
    date: "2026-11-29T12:00:00.000Z",
    extent: "short",
    seconds: 100,
    browser: "a browser",
    adapter: { vendor: "apple", architecture: "common-3", device: "", description: "Apple M2", kernels: "gpu" },
    features: ["shader-f16"],
    limits: { maxBufferSize: 2 ** 32 },
    cores: 8,
    pieces,
  };
}
