// Writes NOTICE, with the licences of what Tabtune is built with: node scripts/notice.mjs
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");

const head = `Tabtune
Licensed under the Apache License 2.0, see LICENSE.

The starter model has its own notice in public/starter/NOTICE, the sample in public/sample/ATTRIBUTION.txt.

The page and the programs are built from the packages below: the dependencies in package.json and all that these depend
on, by package-lock.json. The build takes the parts that it uses. Each package has its licence text in its own folder of
node_modules after \`npm ci --ignore-scripts\`. This list is written by \`node scripts/notice.mjs\`.
`;

/**
 * The text of NOTICE.
 *
 * @param {string} lockfile text of package-lock.json
 */
export function noticeText(lockfile) {
  /** @type {{ packages: Record<string, { version?: string, license?: string, dev?: boolean, devOptional?: boolean }> }} */
  const { packages } = JSON.parse(lockfile);
  const lines = Object.entries(packages)
    .filter(([path, { dev, devOptional }]) => path !== "" && !dev && !devOptional)
    .map(([path, { version, license }]) => {
      const name = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
      if (!version || !license) throw new Error(`package-lock.json states no version or licence of ${name}.`);
      return `${name} ${version}: ${license}`;
    });
  return `${head}\n${[...new Set(lines)].sort().join("\n")}\n`;
}

if (import.meta.filename === process.argv[1]) {
  writeFileSync(join(root, "NOTICE"), noticeText(readFileSync(join(root, "package-lock.json"), "utf8")));
}
