// Holds the table of .dependency-cruiser.cjs: node scripts/check-imports.mjs [folder that has src/]
import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { cruise } from "dependency-cruiser";
import extractTSConfig from "dependency-cruiser/config-utl/extract-ts-config";
import config from "../.dependency-cruiser.cjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = resolve(process.argv[2] ?? root);
if (!existsSync(resolve(folder, "src"))) throw new Error(`There is no src/ in ${folder}.`);

const { forbidden, options } = config;
const result = await cruise(
  ["src"],
  { ...options, baseDir: folder, ruleSet: { forbidden }, validate: true, tsConfig: { fileName: "tsconfig.json" } },
  undefined,
  { tsConfig: extractTSConfig(resolve(root, "tsconfig.json")) },
);
if (typeof result.output === "string") throw new Error("dependency-cruiser gave text where an object was expected.");
const { violations, totalCruised } = result.output.summary;
for (const { rule, from, to } of violations) console.error(`${rule.name}: ${from} must not import ${to}`);
// Some versions read no module at all beside some versions of TypeScript, and report success.
if (totalCruised === 0) console.error("No module was read: dependency-cruiser and TypeScript do not work together.");
console.log(`${totalCruised} modules looked at, ${violations.length} forbidden imports.`);
process.exitCode = violations.length > 0 || totalCruised === 0 ? 1 : 0;
