import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { findChromium } from "./chromium.mjs";

/** @typedef {{ version?: string, optional?: boolean, link?: boolean }} LockedPackage */

/** Packages of a lockfile by their place, or none when there is no such file. @param {string} path */
function lockedPackages(path) {
  if (!existsSync(path)) return {};
  /** @type {{ packages?: Record<string, LockedPackage> }} */
  const lock = JSON.parse(readFileSync(path, "utf8"));
  return lock.packages ?? {};
}

/**
 * Whether every package of package-lock.json lies in node_modules in the locked version. Optional packages are not
 * asked for: they are those of other operating systems.
 *
 * @param {string} root folder of package.json
 */
export function dependenciesAreInstalled(root) {
  const wanted = lockedPackages(join(root, "package-lock.json"));
  const present = lockedPackages(join(root, "node_modules/.package-lock.json"));
  return Object.entries(wanted).every(
    ([place, { version, optional }]) => place === "" || optional === true || present[place]?.version === version,
  );
}

/**
 * Runs a command with its output shown on standard error, so that standard output keeps one meaning.
 *
 * @param {string} command @param {string[]} options @param {string} root
 * @returns {boolean} whether it ended well
 */
function runShown(command, options, root) {
  console.error(`$ ${command} ${options.join(" ")}`);
  const result = spawnSync(command, options, {
    cwd: root,
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32",
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  });
  return result.status === 0;
}

/**
 * Installs the npm packages when any is missing or of another version than the lockfile's.
 *
 * @param {string} root
 * @throws {Error} when npm fails
 */
export function ensureDependencies(root) {
  if (dependenciesAreInstalled(root)) return;
  if (!runShown("npm", ["ci", "--ignore-scripts", "--include=dev", "--no-audit", "--no-fund"], root)) {
    throw new Error("Installing the packages failed: npm ci ended with an error.");
  }
}

function isDebianRoot() {
  const release = existsSync("/etc/os-release") ? readFileSync("/etc/os-release", "utf8") : "";
  // Ubuntu's package of the same name is only a pointer to a snap.
  return process.getuid?.() === 0 && /^ID=debian$/m.test(release);
}

/**
 * Makes sure that there is a Chromium to test with: an existing one, else Debian's package when root on Debian, else
 * Playwright's own download.
 *
 * @param {string} root
 * @throws {Error} when none could be installed
 */
export function ensureChromium(root) {
  if (findChromium()) return;
  if (isDebianRoot()) {
    runShown("apt-get", ["update"], root);
    if (runShown("apt-get", ["install", "-y", "--no-install-recommends", "chromium"], root) && findChromium()) return;
  }
  const dependencies = process.getuid?.() === 0 ? ["--with-deps"] : [];
  if (!runShown("npx", ["playwright", "install", ...dependencies, "--no-shell", "chromium"], root)) {
    throw new Error("There is no Chromium, and installing one failed. Install Chromium or Chrome and try again.");
  }
}
