import { PROGRAM_FEATURES } from "./program.ts";

/** An adapter that was granted, with the device made from it. */
interface OpenedDevice {
  device: GPUDevice;
  info: GPUAdapterInfo;
}

const WANTED_LIMITS = [
  "maxBufferSize",
  "maxStorageBufferBindingSize",
  "maxStorageBuffersPerShaderStage",
  "maxComputeWorkgroupStorageSize",
  "maxComputeInvocationsPerWorkgroup",
  "maxComputeWorkgroupSizeX",
  "maxComputeWorkgroupsPerDimension",
] as const;

/** The adapter a browser or Dawn offers, or null: no WebGPU, or none that it allows. */
export async function findAdapter(): Promise<GPUAdapter | null> {
  const gpu: GPU | undefined = globalThis.navigator?.gpu;
  if (!gpu) return null;
  try {
    return await gpu.requestAdapter({ powerPreference: "high-performance" });
  } catch {
    return null;
  }
}

/**
 * A device with the adapter's own limits, but at most `bindingLimit` bytes a binding (or WebGPU's 128 MiB, if that is
 * more), and with those features that programs may use and the adapter has.
 */
export async function openDevice(adapter: GPUAdapter, bindingLimit: number): Promise<OpenedDevice> {
  const requiredLimits: Record<string, number> = {};
  for (const name of WANTED_LIMITS) requiredLimits[name] = adapter.limits[name];
  requiredLimits.maxStorageBufferBindingSize = Math.min(bindingLimit, adapter.limits.maxStorageBufferBindingSize);
  // Experimental features have no name in the standard's list.
  const requiredFeatures = PROGRAM_FEATURES.filter((name) => adapter.features.has(name)) as GPUFeatureName[];
  const device = await adapter.requestDevice({ requiredLimits, requiredFeatures });
  return { device, info: adapter.info };
}

/** True for SwiftShader, llvmpipe and similar ones, which are slower than wasm on the same cores. */
export function isSoftware({ isFallbackAdapter, architecture, description, device }: GPUAdapterInfo): boolean {
  return (
    isFallbackAdapter === true || /swiftshader|llvmpipe|software/i.test(`${architecture} ${description} ${device}`)
  );
}

/** A name for people, from what the browser reports about the adapter. */
export function adapterName(info: GPUAdapterInfo): string {
  const name = info.description || [info.vendor, info.architecture].filter(Boolean).join(" ");
  return name || "unnamed adapter";
}
