// Dawn, which gives Node its WebGPU, needs a Vulkan loader and a driver. A machine without a GPU has neither, but
// Debian's Chromium brings both: its loader, and SwiftShader, which computes on the processor.
import { existsSync, readdirSync } from "node:fs";

const CHROMIUM_FOLDERS = ["/usr/lib/chromium", "/usr/lib64/chromium", "/opt/google/chrome"];
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
  const chromium = CHROMIUM_FOLDERS.find((folder) => existsSync(`${folder}/vk_swiftshader_icd.json`));
  if (process.platform !== "linux" || chromium === undefined) return added;
  if (!process.env.VK_DRIVER_FILES && !hasGpu()) added.VK_DRIVER_FILES = `${chromium}/vk_swiftshader_icd.json`;
  if (!LOADER_FOLDERS.some((folder) => existsSync(`${folder}/libvulkan.so.1`))) {
    added.LD_LIBRARY_PATH = [process.env.LD_LIBRARY_PATH, chromium].filter(Boolean).join(":");
  }
  return added;
}
