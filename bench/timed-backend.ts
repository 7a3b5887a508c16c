import { startBackend } from "../src/gpu/backend.ts";
import { timeDispatches, type DispatchTimer } from "./dispatch-timer.ts";

/** The webgpu backend on a device that can tell how long single dispatches take. */
export interface TimedBackend {
  adapter: string;
  device: GPUDevice;
  timer: DispatchTimer;
}

/**
 * Starts the webgpu backend in Node on a device with `timestamp-query`, which the page's own devices do not ask for,
 * and without Dawn's rounding of times. Throws where the adapter lacks it.
 */
export async function startTimedBackend(): Promise<TimedBackend> {
  const { create, globals } = await import("webgpu");
  Object.assign(globalThis, globals);
  const gpu = create(["disable-dawn-features=timestamp_quantization"]);
  const requestAdapter = gpu.requestAdapter.bind(gpu);
  gpu.requestAdapter = async (options) => {
    const adapter = await requestAdapter(options);
    if (adapter) alsoWithTimestamps(adapter);
    return adapter;
  };
  Object.defineProperty(globalThis, "navigator", { value: { gpu, userAgent: "node" }, configurable: true });
  const opened: Omit<TimedBackend, "adapter">[] = [];
  const { adapter } = await startBackend("webgpu", {
    wasmPaths: "",
    wasmThreads: 1,
    wrapDevice(device) {
      opened.push({ device, timer: timeDispatches(device) });
      return device;
    },
  });
  const [backend] = opened;
  if (!backend) throw new Error("The backend started without a device to time.");
  return { adapter, ...backend };
}

function alsoWithTimestamps(adapter: GPUAdapter): void {
  const requestDevice = adapter.requestDevice.bind(adapter);
  adapter.requestDevice = (descriptor) =>
    requestDevice({
      ...descriptor,
      requiredFeatures: [...(descriptor?.requiredFeatures ?? []), "timestamp-query"],
    });
}
