import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { create } from "webgpu";
import { Problem } from "../src/problem/problem.ts";

/** Where Chromium keeps Vulkan's loader and a driver that computes on the processor. */
const CHROMIUM_FOLDERS = ["/usr/lib/chromium", "/usr/lib64/chromium", "/opt/google/chrome"];
const SOFTWARE_DRIVER = "vk_swiftshader_icd.json";

/**
 * Sees to it that Dawn finds an adapter: the graphics card where there is one, else the software driver that comes
 * with Chromium. For that the program is started once more with another environment, because the loader's folder
 * must be known when a process starts; this process then ends with the exit code of the second.
 *
 * @throws Problem when there is neither
 */
export async function requireAdapter(): Promise<void> {
  if (await create([]).requestAdapter()) return;
  startAgainOnSoftware();
  throw new Problem({
    found: "No WebGPU adapter was found: no graphics card, and no software driver either.",
    expected: "The benchmark compares WebGPU implementations and needs an adapter for both.",
    remedy: "Install Chromium (on Debian: apt-get install chromium), or name a Vulkan driver in VK_DRIVER_FILES.",
  });
}

/** Returns only when there is no software driver, or when it has been tried already. */
function startAgainOnSoftware(): void {
  const folder = CHROMIUM_FOLDERS.find((path) => existsSync(join(path, SOFTWARE_DRIVER)));
  const libraries = (process.env["LD_LIBRARY_PATH"] ?? "").split(":").filter((path) => path !== "");
  if (!folder || libraries.includes(folder)) return;
  const env = {
    VK_DRIVER_FILES: join(folder, SOFTWARE_DRIVER),
    ...process.env,
    LD_LIBRARY_PATH: [...libraries, folder].join(":"),
  };
  const again = spawnSync(process.execPath, process.argv.slice(1), { env, stdio: "inherit" });
  process.exit(again.status ?? 1);
}
