// The browsers beside Chromium that the tests drive: Firefox over WebDriver BiDi, WebKitGTK by its own driver.
import { existsSync, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";

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
