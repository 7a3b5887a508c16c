import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, join } from "node:path";

const programs = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const macPrograms = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/**
 * Flags under which Chromium runs WebGPU without a graphics card: SwiftShader computes on the processor.
 * `--no-sandbox` lets it start as root in a container.
 */
const chromiumArguments = ["--no-sandbox", "--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"];

/**
 * Path of a Chromium or Chrome that is installed already: the one that CHROMIUM_PATH names, else the first on the
 * PATH, else the usual places of macOS. Undefined where there is none; then Playwright's own download is used.
 *
 * @returns {string | undefined}
 * @throws {Error} when CHROMIUM_PATH names a file that is not there
 */
export function findChromium() {
  const named = process.env["CHROMIUM_PATH"];
  if (named) {
    if (!existsSync(named)) throw new Error(`CHROMIUM_PATH names ${named}, which does not exist.`);
    return named;
  }
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/bin"].filter((folder) => folder !== "");
  const candidates = folders.flatMap((folder) => programs.map((program) => join(folder, program)));
  return [...candidates, ...macPrograms].find((path) => existsSync(path));
}

/**
 * Path of the Chromium that Playwright has downloaded; undefined where it has none, or is not installed itself.
 *
 * @returns {string | undefined}
 */
export function findDownloadedChromium() {
  try {
    const path = createRequire(import.meta.url)("playwright").chromium.executablePath();
    return existsSync(path) ? path : undefined;
  } catch {
    return undefined;
  }
}

/**
 * What Playwright's `chromium.launch` takes, for every runner alike. The channel picks the whole browser of Playwright's
 * download; its default, the headless shell, is another program.
 */
export function chromiumLaunchOptions() {
  const executablePath = findChromium();
  return { ...(executablePath ? { executablePath } : { channel: "chromium" }), args: chromiumArguments };
}
