// npm test: installs what is missing, then runs every check and every test.
//   npm test                                 everything
//   npm test -- --only node                  one stage (several: --only types,lint)
//   npm test -- --only node -- test/io       what stands after the second -- goes to the stage's own command
import { createServer } from "node:net";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { ensureChromium, ensureDependencies } from "./install.mjs";
import { runStages } from "./stages.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

const { values, positionals } = parseArgs({
  options: { only: { type: "string" }, reports: { type: "string", default: "out" } },
  allowPositionals: true,
});

/** A port that nobody listens on. @returns {Promise<number>} */
function freePort() {
  return new Promise((found, failed) => {
    const server = createServer();
    server.on("error", failed);
    server.listen(0, "localhost", () => {
      const address = server.address();
      server.close(() => found(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

/** The command line of a package's program in node_modules. @param {string} path @param {string[]} options */
function tool(path, ...options) {
  return [process.execPath, join(root, "node_modules", path), ...options];
}

/** @param {string} name of the Vitest project @returns {import("./stages.mjs").Stage} */
function vitestStage(name) {
  const path = resolve(root, values.reports, `${name}.json`);
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${path}`];
  return {
    name,
    command: tool("vitest/vitest.mjs", "run", "--project", name, ...reporters),
    report: { runner: "vitest", path },
  };
}

const playwrightReport = resolve(root, values.reports, "e2e.json");

/** @type {import("./stages.mjs").Stage[]} */
const stages = [
  { name: "types", command: tool("typescript/bin/tsc", "--noEmit", "-p", ".") },
  { name: "lint", command: tool("eslint/bin/eslint.js", "--max-warnings", "0", ".") },
  { name: "format", command: tool("prettier/bin/prettier.cjs", "--check", ".") },
  { name: "imports", command: [process.execPath, "scripts/check-imports.mjs"] },
  { name: "lines", command: [process.execPath, "scripts/check-lines.mjs"] },
  vitestStage("node"),
  { name: "build", command: tool("vite/bin/vite.js", "build", "--logLevel", "warn") },
  { name: "weight", command: [process.execPath, "scripts/check-weight.mjs"] },
  { ...vitestStage("browser"), prepare: () => ensureChromium(root) },
  {
    name: "e2e",
    command: tool("@playwright/test/cli.js", "test"),
    report: { runner: "playwright", path: playwrightReport },
    environment: { PLAYWRIGHT_JSON_OUTPUT_NAME: playwrightReport, TABTUNE_E2E_PORT: String(await freePort()) },
    prepare: () => ensureChromium(root),
  },
];

const wanted = values.only?.split(",");
const unknown = wanted?.filter((name) => !stages.some((stage) => stage.name === name)) ?? [];
if (unknown.length > 0) {
  console.error(`Unknown stage ${unknown.join(", ")}. Stages: ${stages.map(({ name }) => name).join(", ")}.`);
  process.exit(2);
}

const chosen = stages.filter(({ name }) => wanted === undefined || wanted.includes(name));
try {
  ensureDependencies(root);
  const { failed } = await runStages(
    chosen.map((stage) => ({ ...stage, command: [...stage.command, ...positionals] })),
    root,
  );
  process.exitCode = failed > 0 ? 1 : 0;
} catch (error) {
  console.log(error instanceof Error ? error.message : String(error));
  console.log("0 passed, 1 failed");
  process.exitCode = 1;
}
