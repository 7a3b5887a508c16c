// Dawn, which gives Node its WebGPU, needs a Vulkan loader and a driver on Linux. A machine without a GPU has neither,
// but Chromium brings both: its loader, and SwiftShader, which computes on the processor.
import { existsSync, readdirSync, realpathSync } from "node:fs";
import { dirname } from "node:path";
import { findChromium, findDownloadedChromium } from "./browsers.mjs";

const CHROMIUM_FOLDERS = ["/usr/lib/chromium", "/usr/lib64/chromium", "/opt/google/chrome"];
const LOADER_FOLDERS = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib"];
const DRIVER_FOLDERS = ["/usr/share/vulkan/icd.d", "/etc/vulkan/icd.d"];

/** Whether the machine has a graphics device. */
function hasGpu() {
  if (existsSync("/dev/nvidia0")) return true;
  return existsSync("/dev/dri") && readdirSync("/dev/dri").some((name) => name.startsWith("renderD"));
}

/** The folder of a Chromium that brings SwiftShader. @returns {string | undefined} */
function swiftShaderFolder() {
  const bringsIt = (/** @type {string} */ folder) => existsSync(`${folder}/vk_swiftshader_icd.json`);
  const usual = CHROMIUM_FOLDERS.find(bringsIt);
  if (usual) return usual;
  const chromium = findChromium() ?? findDownloadedChromium();
  const folder = chromium && dirname(realpathSync(chromium));
  return folder && bringsIt(folder) ? folder : undefined;
}

/**
 * What to add to the environment of a program that uses WebGPU; empty where the system has all that is needed,
 * undefined where neither the system nor a Chromium has it.
 *
 * @returns {Record<string, string> | undefined}
 */
export function findVulkan() {
  if (process.platform !== "linux") return {};
  const hasLoader = LOADER_FOLDERS.some((folder) => existsSync(`${folder}/libvulkan.so.1`));
  const hasDriver = DRIVER_FOLDERS.some((folder) => existsSync(folder) && readdirSync(folder).length > 0);
  const named = Boolean(process.env["VK_DRIVER_FILES"]);
  const folder = swiftShaderFolder();
  if (folder === undefined) return hasLoader && (hasDriver || named) ? {} : undefined;
  /** @type {Record<string, string>} */
  const added = {};
  if (!named && !hasGpu()) added["VK_DRIVER_FILES"] = `${folder}/vk_swiftshader_icd.json`;
  if (!hasLoader) added["LD_LIBRARY_PATH"] = [process.env["LD_LIBRARY_PATH"], folder].filter(Boolean).join(":");
  return added;
}
