// Holds the weight of the page's first load: node scripts/check-weight.mjs [folder of the built page]
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { gzipSync } from "node:zlib";

const limit = 300_000;

/**
 * The scripts that a browser fetches before anything is asked for: those that index.html names, and what these import
 * statically, all the way down. Dynamic imports and workers are not among them.
 *
 * @param {string} folder of index.html
 * @returns {{ path: string, gzipped: number }[]} in the order found, with bytes after gzip
 */
export function firstLoad(folder) {
  const html = readFileSync(join(folder, "index.html"), "utf8");
  const named = [...html.matchAll(/<(?:script|link)\b[^>]*?\b(?:src|href)="([^"]+[.]js)"/g)];
  const waiting = named.map(([, path]) => resolve(folder, (path ?? "").replace(/^[.]?\//, "")));
  /** @type {Map<string, number>} */
  const found = new Map();
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (found.has(path) || !existsSync(path)) continue;
    const bytes = readFileSync(path);
    found.set(path, gzipSync(bytes, { level: 9 }).byteLength);
    for (const [, next] of bytes.toString("utf8").matchAll(/\b(?:from|import)\s*["']([.]{1,2}\/[^"']+[.]js)["']/g)) {
      waiting.push(resolve(dirname(path), next ?? ""));
    }
  }
  return [...found].map(([path, gzipped]) => ({ path, gzipped }));
}

if (import.meta.filename === process.argv[1]) {
  const scripts = firstLoad(process.argv[2] ?? "dist/app");
  const total = scripts.reduce((sum, { gzipped }) => sum + gzipped, 0);
  for (const { path, gzipped } of scripts) console.log(`${(gzipped / 1000).toFixed(1).padStart(8)} kB  ${path}`);
  console.log(`First load: ${(total / 1000).toFixed(1)} kB of JavaScript gzipped; the limit is ${limit / 1000} kB.`);
  process.exitCode = total > limit || scripts.length === 0 ? 1 : 0;
}
