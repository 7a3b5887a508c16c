import { spawn } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { countReport } from "./count-report.mjs";
import { installNeeds, thisMachine } from "../machine/needs.mjs";

/** @typedef {import("../machine/needs.mjs").NeedName} NeedName */

/**
 * One stage of `npm test`. `needs` is what the machine must have; after `limitMs` the stage is ended. Without `report` it is a check: one test, passed when the command ends with 0.
 *
 * @typedef {{
 *   name: string,
 *   command: string[],
 *   report?: { runner: "vitest" | "playwright", path: string },
 *   environment?: Record<string, string>,
 *   needs?: NeedName[],
 *   limitMs?: number,
 * }} Stage
 */

const usualLimitMs = 30 * 60_000;

/**
 * Runs a command with its output shown.
 *
 * @param {Stage} stage @param {string} root
 * @returns {Promise<number | null>} its exit code, null when it was killed or could not start
 */
function run({ command, environment = {}, limitMs = usualLimitMs }, root) {
  const [program = "", ...options] = command;
  return new Promise((resolve) => {
    const child = spawn(program, options, { cwd: root, stdio: "inherit", env: { ...process.env, ...environment } });
    // A stage that hangs must not take the closing line away.
    const timer = setTimeout(() => child.kill("SIGKILL"), limitMs);
    child.on("error", (error) => console.log(error.message));
    child.on("close", (code) => {
      clearTimeout(timer);
      resolve(code);
    });
  });
}

/**
 * @param {Stage} stage @param {string} root @param {Map<NeedName, string>} missing
 * @returns {Promise<import("./count-report.mjs").Count>}
 */
async function runStage(stage, root, missing) {
  try {
    const unmet = (stage.needs ?? []).flatMap((name) => missing.get(name) ?? []);
    if (unmet.length > 0) return { passed: 0, failed: 1, notes: unmet };
    if (stage.report) {
      mkdirSync(dirname(stage.report.path), { recursive: true });
      rmSync(stage.report.path, { force: true });
    }
    const code = await run(stage, root);
    if (stage.report) return countReport(stage.report.runner, stage.report.path, code);
    return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, notes: [] };
  } catch (error) {
    return { passed: 0, failed: 1, notes: [error instanceof Error ? error.message : String(error)] };
  }
}

/**
 * Installs what any of the stages needs, then runs them one after the other (GPU tests on a software adapter leave no
 * processor free), shows the result of each, and prints the closing line `N passed, N failed`. A stage whose needs
 * cannot be met counts as failed; the others run.
 *
 * @param {Stage[]} stages @param {string} root folder to run in
 * @param {import("../machine/needs.mjs").Machine} [machine]
 * @returns {Promise<{ passed: number, failed: number }>}
 */
export async function runStages(stages, root, machine = thisMachine(root)) {
  const missing = installNeeds(new Set(stages.flatMap(({ needs = [] }) => needs)), machine);
  const lines = [];
  const total = { passed: 0, failed: 0 };
  for (const stage of stages) {
    console.log(`\n=== ${stage.name}`);
    const start = Date.now();
    const { passed, failed, notes } = await runStage(stage, root, missing);
    total.passed += passed;
    total.failed += failed;
    const seconds = ((Date.now() - start) / 1000).toFixed(1);
    lines.push(`${failed > 0 ? "FAILED" : "ok    "}  ${stage.name}: ${passed} passed, ${failed} failed (${seconds} s)`);
    lines.push(...notes.map((note) => `          ${note}`));
  }
  console.log(`\n${lines.join("\n")}\n\n${total.passed} passed, ${total.failed} failed`);
  return total;
}
