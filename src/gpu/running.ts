import { backend, type KernelBackend } from "@tensorflow/tfjs-core";
import type { Device } from "./device.ts";
import { GpuDevice } from "./gpu-device.ts";
import { CpuDevice, HostDevice, WasmDevice } from "./host-device.ts";
import type { CpuInternals, WasmInternals } from "./tfjs-internals.ts";

/** tfjs makes its backends itself, so a device is found by its backend. */
const devices = new WeakMap<KernelBackend, Device>();

/** Makes a device that of a backend of tfjs. */
export function setDevice(own: KernelBackend, device: Device): void {
  devices.set(own, device);
}

/** The device of a backend of tfjs. */
export function deviceOf(own: KernelBackend): Device {
  const known = devices.get(own);
  if (known) return known;
  const made = hostDevice(own);
  devices.set(own, made);
  return made;
}

/** tfjs starts its backends in main memory by name alone; a GPU's and an outline have their device from the start. */
function hostDevice(own: KernelBackend): Device {
  if ("wasm" in own) return new WasmDevice(own as unknown as WasmInternals);
  if ("data" in own) return new CpuDevice(own as unknown as CpuInternals);
  throw new Error("A backend was made current that startBackend did not start.");
}

/** The device that tensors are computed on now. This is the one place that asks tfjs which backend is current. */
export function runningDevice(): Device {
  return deviceOf(backend());
}

/** The running GPU. Throws where something else runs. */
export function runningGpu(): GpuDevice {
  const device = runningDevice();
  if (device instanceof GpuDevice) return device;
  throw new Error(`A GPU was expected to run, and ${device.kind} does.`);
}

/** The running backend in main memory. Throws on a GPU and on an outline. */
export function runningHost(): HostDevice {
  const device = runningDevice();
  if (device instanceof HostDevice) return device;
  throw new Error(`A backend in main memory was expected to run, and ${device.kind} does.`);
}

/** The running wasm backend. Throws where something else runs. */
export function runningWasm(): WasmDevice {
  const device = runningDevice();
  if (device instanceof WasmDevice) return device;
  throw new Error(`The wasm backend was expected to run, and ${device.kind} does.`);
}
