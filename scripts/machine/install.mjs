import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

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
 * Runs a command quietly: a line says what it is for and how long it took, its output is shown when it fails. The lines
 * go to standard error, so that standard output keeps one meaning.
 *
 * @param {string} purpose e.g. "Installing the packages" @param {string[]} command @param {string} root
 * @returns {boolean} whether it ended well
 */
export function runQuietly(purpose, [program = "", ...options], root) {
  process.stderr.write(`${purpose} … `);
  const started = Date.now();
  const { status, error, stdout, stderr } = spawnSync(program, options, {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    encoding: "utf8",
    maxBuffer: 2 ** 28,
    shell: process.platform === "win32",
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  });
  const well = status === 0;
  console.error(`${well ? "done" : "failed"} (${Math.ceil((Date.now() - started) / 1000)} s)`);
  if (!well) console.error(`$ ${[program, ...options].join(" ")}\n${error?.message ?? `${stdout}${stderr}`}`);
  return well;
}

/**
 * Installs the npm packages when any is missing or of another version than the lockfile's.
 *
 * @param {string} root
 * @throws {Error} when npm fails
 */
export function ensureDependencies(root) {
  if (dependenciesAreInstalled(root)) return;
  const command = ["npm", "ci", "--ignore-scripts", "--include=dev", "--no-audit", "--no-fund"];
  if (!runQuietly("Installing the packages (first start only, about half a minute)", command, root)) {
    throw new Error("Installing the packages failed: npm ci ended with an error.");
  }
}
