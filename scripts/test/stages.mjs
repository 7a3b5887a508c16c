// The stages of `npm test` and of `npm run test:long`, in their order.
import { join, resolve } from "node:path";

/** @typedef {import("./run-stages.mjs").Stage} Stage */
/** @typedef {{ root: string, reports: string, port: number }} Place `reports` is a folder; `port` is free */

/** The command line of a package's program in node_modules. @param {string} root @param {string[]} options */
function tool(root, path = "", ...options) {
  return [process.execPath, join(root, "node_modules", path), ...options];
}

/**
 * @param {Place} place @param {string} name of the stage and its report
 * @param {string} project of Vitest @param {string[]} paths that tests are taken from; all when empty
 * @returns {Stage}
 */
function vitestStage({ root, reports }, name, project, ...paths) {
  const path = resolve(root, reports, `${name}.json`);
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${path}`];
  return {
    name,
    command: tool(root, "vitest/vitest.mjs", "run", "--project", project, ...reporters, ...paths),
    report: { runner: "vitest", path },
  };
}

/**
 * Folders whose tests keep nothing in a module or in tfjs's engine: their files share one process, which loads React
 * and our own modules once instead of once a file.
 */
export const sharedFolders = ["advice", "app", "data", "export", "metrics", "recipe", "tokenize"].map(
  (name) => `test/${name}/`,
);

/** Node's tests, in two stages. @param {Place} place @returns {Stage[]} */
function nodeStages(place) {
  return [
    vitestStage(place, "shared", "node", "--no-isolate", ...sharedFolders),
    {
      ...vitestStage(place, "node", "node"),
      environment: { TABTUNE_WITHOUT: sharedFolders.join() },
      // The programs for Node use WebGPU too.
      needs: ["vulkan"],
    },
  ];
}

/** @param {Place} place @returns {Stage} */
function buildStage({ root }) {
  return { name: "build", command: tool(root, "vite/bin/vite.js", "build", "--logLevel", "warn") };
}

/** @param {Place} place @returns {Stage[]} */
function engineStages(place) {
  const walk = (/** @type {string} */ name) => ({
    ...vitestStage(place, name, "engines", `test/engines/${name}`),
    after: ["build"],
  });
  return [
    { ...walk("firefox"), needs: ["firefox"] },
    { ...walk("webkit"), needs: ["webkit", "display"] },
  ];
}

/**
 * Every check and every test. The longest stage starts early, since others run beside it.
 *
 * @param {Place} place @returns {Stage[]}
 */
export function testStages(place) {
  const { root, reports, port } = place;
  const playwrightReport = resolve(root, reports, "e2e.json");
  return [
    { name: "types", command: tool(root, "typescript/bin/tsc", "--noEmit", "-p", ".") },
    { ...vitestStage(place, "browser", "browser"), needs: ["chromium"] },
    { name: "lint", command: tool(root, "eslint/bin/eslint.js", "--max-warnings", "0", ".") },
    { name: "format", command: tool(root, "prettier/bin/prettier.cjs", "--check", ".") },
    { name: "exports", command: [process.execPath, "scripts/check-exports.mjs"] },
    { name: "imports", command: [process.execPath, "scripts/check-imports.mjs"] },
    ...nodeStages(place),
    buildStage(place),
    { name: "weight", command: [process.execPath, "scripts/check-weight.mjs"], after: ["build"] },
    {
      name: "e2e",
      command: tool(root, "@playwright/test/cli.js", "test"),
      report: { runner: "playwright", path: playwrightReport },
      environment: { PLAYWRIGHT_JSON_OUTPUT_NAME: playwrightReport, TABTUNE_E2E_PORT: String(port) },
      needs: ["chromium"],
      after: ["build"],
    },
    ...engineStages(place),
  ];
}

/**
 * What takes long: fuzzing in full, peak memory, runs of thousands of steps, PyTorch's numbers on every backend, the
 * memory of every family, and an epoch of the whole sample in Firefox and WebKitGTK. `npm test` holds a reduced form of each.
 * Real rows of several labels, numbers, pairs and entities are learned where `TABTUNE_DATASETS` names a folder that has them.
 *
 * @param {Place} place @returns {Stage[]}
 */
export function longStages(place) {
  const program = (/** @type {string[]} */ ...options) => [process.execPath, "scripts/program.mjs", ...options];
  // A folder of more references, as test/reference/families, may be given.
  const more = process.env.TABTUNE_REFERENCES;
  const references = ["test/reference/tiny", "test/reference/families", ...(more ? [more] : [])];
  /** @type {Stage[]} */
  const parity = [["cpu"], ["wasm"], ["webgpu", "--kernels", "software"], ["webgpu", "--kernels", "gpu"]].map(
    (options) => ({
      name: `parity-${options.filter((option) => option !== "--kernels").join("-")}`,
      command: program("parity", ...references, "--backend", ...options),
      needs: ["vulkan"],
    }),
  );
  /** @type {Stage[]} */
  const stages = [
    { ...vitestStage(place, "fuzz", "node", "test/io/fuzz"), environment: { TABTUNE_FUZZ: "10000" } },
    { name: "memory", command: [process.execPath, "scripts/check-table-memory.mjs"] },
    { name: "endurance", command: [process.execPath, "scripts/check-endurance.mjs"], needs: ["vulkan"] },
    ...parity,
    ...(process.env.TABTUNE_DATASETS ? [vitestStage(place, "real-rows", "long", "test/long/real-rows")] : []),
    {
      ...vitestStage(place, "browser", "browser", "test/plan", "test/run/minilm", "test/train/memory"),
      environment: { TABTUNE_LONG: "1" },
      needs: ["chromium"],
    },
    buildStage(place),
    ...testStages(place).filter(({ name }) => name === "e2e"),
    ...engineStages(place).map((stage) => ({ ...stage, environment: { TABTUNE_LONG: "1" } })),
  ];
  return stages.map((stage) => ({ ...stage, limitMs: 3 * 3_600_000 }));
}
