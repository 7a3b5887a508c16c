// What stages of `npm test` need from the machine besides npm packages. All of it is installed before the first stage,
// so that no stage depends on what a later one installs.
import { existsSync, readFileSync } from "node:fs";
import { findChromium, findDownloadedChromium, findFirefox, findProgram, findWebKit } from "./browsers.mjs";
import { runQuietly } from "./install.mjs";
import { findVulkan } from "./vulkan.mjs";

/** @typedef {"chromium" | "vulkan" | "firefox" | "webkit" | "display"} NeedName */

/**
 * @typedef {{
 *   label: string,
 *   isPresent: () => boolean,
 *   packages: string[],
 *   remedy: string,
 * }} Need `packages` are Debian's; `remedy` is for machines on which they cannot be installed from here
 */

/** @type {Record<NeedName, Need>} */
export const needs = {
  chromium: {
    label: "Chromium",
    isPresent: () => (findChromium() ?? findDownloadedChromium()) !== undefined,
    packages: ["chromium"],
    remedy: "Install Chromium or Chrome, or let CHROMIUM_PATH name one.",
  },
  vulkan: {
    label: "a Vulkan driver",
    isPresent: () => findVulkan() !== undefined,
    // Debian's Chromium brings a loader and SwiftShader, which computes on the processor.
    packages: ["chromium"],
    remedy:
      "Install Chromium or Chrome, which brings one, or the driver of your GPU and the Vulkan loader (libvulkan1).",
  },
  firefox: {
    label: "Firefox",
    isPresent: () => findFirefox() !== undefined,
    packages: ["firefox-esr"],
    remedy: "Install Firefox, or let FIREFOX_PATH name one.",
  },
  webkit: {
    label: "WebKitGTK with its WebKitWebDriver",
    isPresent: () => findWebKit() !== undefined,
    packages: ["webkit2gtk-driver"],
    remedy:
      "Install WebKitGTK's WebKitWebDriver and MiniBrowser; they exist for Linux alone (Debian: webkit2gtk-driver).",
  },
  display: {
    label: "xvfb-run",
    isPresent: () => findProgram("xvfb-run") !== undefined,
    packages: ["xvfb", "xauth"],
    remedy: "Install xvfb-run (Debian: xvfb and xauth).",
  },
};

/**
 * What installing uses of the machine; tests hand in another one.
 *
 * @typedef {{
 *   isPresent: (name: NeedName) => boolean,
 *   hasApt: () => boolean,
 *   run: (purpose: string, command: string[]) => boolean,
 * }} Machine
 */

/** @param {string} root @returns {Machine} */
export function thisMachine(root) {
  return {
    isPresent: (name) => needs[name].isPresent(),
    hasApt() {
      const release = existsSync("/etc/os-release") ? readFileSync("/etc/os-release", "utf8") : "";
      // Ubuntu's packages of the same names are only pointers to snaps.
      return process.getuid?.() === 0 && /^ID=debian$/m.test(release);
    },
    run: (purpose, command) => runQuietly(purpose, command, root),
  };
}

/**
 * Installs what is missing: Debian's packages in one go where that is possible, else Playwright's own Chromium.
 *
 * @param {Iterable<NeedName>} wanted @param {Machine} machine
 * @returns {Map<NeedName, string>} what is still missing, with what to do about it
 */
export function installNeeds(wanted, machine) {
  const missing = () => [...new Set(wanted)].filter((name) => !machine.isPresent(name));
  const absent = missing();
  const labels = absent.map((name) => needs[name].label).join(", ");
  if (absent.length > 0 && machine.hasApt()) {
    const packages = [...new Set(absent.flatMap((name) => needs[name].packages))];
    machine.run("Reading Debian's list of packages", ["apt-get", "update", "-q"]);
    const command = ["apt-get", "install", "-q", "-y", "--no-install-recommends", ...packages];
    machine.run(`Installing ${labels} (some minutes)`, command);
  }
  if (!machine.isPresent("chromium") && absent.some((name) => name === "chromium" || name === "vulkan")) {
    const options = process.getuid?.() === 0 ? ["--with-deps"] : [];
    const command = ["npx", "playwright", "install", ...options, "--no-shell", "chromium"];
    machine.run("Downloading Playwright's Chromium (some minutes)", command);
  }
  return new Map(
    missing().map((name) => [name, `There is no ${needs[name].label.replace(/^a /, "")} here. ${needs[name].remedy}`]),
  );
}
