import { startNodeBackend } from "../../src/cli/node-backend.ts";
import { countDevice, type DeviceCounter } from "./counting-device.ts";
import type { Rows } from "../inputs/model-shape.ts";
import type { Peer } from "../peers/peer.ts";
import { repeatStep, type StepCost } from "../peers/step-cost.ts";

/** The cost of a step on a device, besides its time. */
export interface GpuStepCost extends StepCost {
  dispatches: number;
  /** Most bytes that the device's buffers held, weights and pools included. */
  peakBytes: number;
}

/** A device that nobody has used yet, with a counter on it. */
export interface CountedDevice {
  adapter: string;
  counter: DeviceCounter;
}

/** The device of ours and of stock tfjs: same adapter, same limits, same backend class. */
export async function openCountedDevice(): Promise<CountedDevice> {
  const counters: DeviceCounter[] = [];
  const { adapter } = await startNodeBackend("webgpu", {
    wrapDevice(device) {
      counters.push(countDevice(device));
      return device;
    },
  });
  const [counter] = counters;
  if (!counter) throw new Error("The backend started without a device to count on.");
  return { adapter, counter };
}

/** One step that is not measured, then several that are. */
export async function gpuStepCost(
  peer: Peer,
  { counter }: CountedDevice,
  rows: Rows,
  repeats: number,
): Promise<GpuStepCost> {
  await peer.step(rows).loss();
  counter.reset();
  const cost = await repeatStep(peer, rows, repeats);
  const { dispatches, peakBytes } = counter.snapshot();
  return { ...cost, dispatches: dispatches / repeats, peakBytes };
}
