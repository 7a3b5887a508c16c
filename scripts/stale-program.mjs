// Whether a built program for Node is older than what it is made of.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";

/** Time of the newest change in a file or folder. @param {string} path @returns {number} */
function newestChange(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newestChange(join(path, name))));
}

/**
 * Whether a program has to be built again: a source, the folder of its entry, the build or a dependency changed, or a
 * file outside of these that its build lists in sources.json, such as one of test/.
 *
 * @param {string} root of the project @param {string} entry file that the program begins in
 * @param {string} folder that holds program.js and sources.json
 */
export function isStale(root, entry, folder) {
  const built = join(root, folder, "program.js");
  const list = join(root, folder, "sources.json");
  if (!existsSync(built) || !existsSync(list)) return true;
  /** @type {string[]} */
  const bundled = JSON.parse(readFileSync(list, "utf8"));
  const sources = ["src", dirname(entry), "build", "package-lock.json", ...bundled].map((file) => join(root, file));
  if (sources.some((file) => !existsSync(file))) return true;
  return Math.max(...sources.map(newestChange)) > statSync(built).mtimeMs;
}
