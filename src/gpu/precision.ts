import type { Precision } from "./device.ts";
import { runningDevice } from "./running.ts";

/** What a recipe may ask for; "auto" leaves it to the device. */
type PrecisionChoice = Precision | "auto";

/**
 * The precision in which a device computes what was asked for: float32 where it has no 16-bit floats. "auto" is float32
 * on every device, until measurements of a GPU show that it gains by the other.
 */
export function precisionOn({ mixes }: { mixes: boolean }, asked: PrecisionChoice): Precision {
  return asked === "mixed" && mixes ? "mixed" : "float32";
}

/** Records what `work` computes in this precision on the running device; afterwards it is what it was. */
export function inPrecision<T>(asked: PrecisionChoice, work: () => T): T {
  const device = runningDevice();
  const before = device.precision;
  device.precision = precisionOn(device, asked);
  try {
    return work();
  } finally {
    device.precision = before;
  }
}
