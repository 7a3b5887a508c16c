import { setBackend } from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import { beforeAll, describe, expect, it } from "vitest";
import { inOutline } from "../../src/gpu/outline.ts";
import { inPrecision, precisionOn } from "../../src/gpu/precision.ts";
import { runningDevice } from "../../src/gpu/running.ts";

beforeAll(() => setBackend("cpu"));

describe("precision", () => {
  it("is mixed where it is asked for and the device has 16-bit floats, else float32", () => {
    const all = (mixes: boolean) => (["float32", "mixed", "auto"] as const).map((one) => precisionOn({ mixes }, one));
    expect(all(true)).toEqual(["float32", "mixed", "float32"]);
    expect(all(false)).toEqual(["float32", "float32", "float32"]);
  });

  it("is float32 in main memory and in the plan of an unknown GPU", async () => {
    expect(inPrecision("mixed", () => runningDevice().precision)).toBe("float32");
    const planned = await inOutline("webgpu", () =>
      Promise.resolve(inPrecision("mixed", () => runningDevice().precision)),
    );
    expect(planned).toBe("float32");
  });

  it("is what it was before, also after an error", () => {
    const device = runningDevice();
    const before = Object.getOwnPropertyDescriptor(device, "mixes");
    Object.defineProperty(device, "mixes", { value: true, configurable: true, writable: true });
    try {
      expect(inPrecision("mixed", () => device.precision)).toBe("mixed");
      const fails = () => {
        throw new Error("stopped");
      };
      expect(() => inPrecision("mixed", fails)).toThrow("stopped");
      expect(device.precision).toBe("float32");
    } finally {
      if (before) Object.defineProperty(device, "mixes", before);
    }
  });
});
