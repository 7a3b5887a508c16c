// Dawn, which gives Node its WebGPU, needs a Vulkan loader and a driver. A machine without a GPU has neither, but
// Debian's Chromium brings both: its loader, and SwiftShader, which computes on the processor.
import { existsSync, readdirSync } from "node:fs";

const CHROMIUM = "/usr/lib/chromium";
const LOADER_FOLDERS = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib"];

/** True where a graphics device is there. */
function hasGpu() {
  if (existsSync("/dev/nvidia0")) return true;
  return existsSync("/dev/dri") && readdirSync("/dev/dri").some((name) => name.startsWith("renderD"));
}

/** What to add to the environment of a program that uses WebGPU; empty where the system has all that is needed. */
export function vulkanEnvironment() {
  /** @type {Record<string, string>} */
  const added = {};
  if (process.platform !== "linux" || !existsSync(`${CHROMIUM}/vk_swiftshader_icd.json`)) return added;
  if (!process.env.VK_DRIVER_FILES && !hasGpu()) added.VK_DRIVER_FILES = `${CHROMIUM}/vk_swiftshader_icd.json`;
  if (!LOADER_FOLDERS.some((folder) => existsSync(`${folder}/libvulkan.so.1`))) {
    added.LD_LIBRARY_PATH = [process.env.LD_LIBRARY_PATH, CHROMIUM].filter(Boolean).join(":");
  }
  return added;
}
