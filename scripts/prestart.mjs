// Before `npm start`: installs what is missing and builds the page.
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureDependencies } from "./install.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
ensureDependencies(root);
const vite = join(root, "node_modules/vite/bin/vite.js");
const result = spawnSync(process.execPath, [vite, "build", "--logLevel", "warn"], { cwd: root, stdio: "inherit" });
process.exitCode = result.status ?? 1;
