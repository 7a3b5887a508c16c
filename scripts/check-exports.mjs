// Finds exports that no other file imports, tests and bench included (of dynamic imports it understands
// `import(…).then(({ name }) => …)`): node scripts/check-exports.mjs [folder of tsconfig.json]
import { dirname, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { analyzeTsConfig } from "ts-unused-exports";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = resolve(process.argv[2] ?? root);

/** Files that are found by their path: settings of tools, and what a test copies into a tree of its own. */
const foundByPath = /((^|\/)(vite|vitest|playwright|program)\.config\.ts|^test\/families\/parsnip\/parsnip\.ts)$/;

const { unusedExports } = analyzeTsConfig(resolve(folder, "tsconfig.json"));
const found = Object.entries(unusedExports)
  .map(([path, names]) => ({ path: relative(folder, resolve(folder, path)), names }))
  .filter(({ path }) => !foundByPath.test(path));
for (const { path, names } of found) {
  console.error(`${path}: nothing imports ${names.map(({ exportName }) => exportName).join(", ")}`);
}
console.log(`${found.length} files with unused exports.`);
process.exitCode = found.length > 0 ? 1 : 0;
