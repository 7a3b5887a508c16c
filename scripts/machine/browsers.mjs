// Finds the browsers that the tests drive: Chromium, Firefox over WebDriver BiDi, and WebKitGTK by its own driver.
import { existsSync, readdirSync } from "node:fs";
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

/** The first of the programs that is on the PATH. @param {string[]} names @returns {string | undefined} */
export function findProgram(...names) {
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find((path) => existsSync(path));
}

/**
 * Path of Firefox: the one that FIREFOX_PATH names, else the first on the PATH, else the usual place of macOS.
 *
 * @returns {string | undefined}
 */
export function findFirefox() {
  const mac = "/Applications/Firefox.app/Contents/MacOS/firefox";
  return process.env["FIREFOX_PATH"] || findProgram("firefox-esr", "firefox") || (existsSync(mac) ? mac : undefined);
}

/**
 * WebKitGTK's driver and the small browser that it drives; undefined unless both are there.
 *
 * @returns {{ driver: string, browser: string } | undefined}
 */
export function findWebKit() {
  const driver = findProgram("WebKitWebDriver");
  const libraries = ["/usr/lib", "/usr/libexec", "/usr/lib64"].filter((folder) => existsSync(folder));
  const inside = libraries.flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)));
  const candidates = [...libraries, ...inside].flatMap((folder) =>
    ["6.0", "4.1", "4.0"].map((version) =>
      join(folder, `${version === "6.0" ? "webkitgtk" : "webkit2gtk"}-${version}`, "MiniBrowser"),
    ),
  );
  const browser = candidates.find((path) => existsSync(path));
  return driver && browser ? { driver, browser } : undefined;
}
