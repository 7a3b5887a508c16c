import { spawn } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import { countReport } from "./count-report.mjs";
import { installNeeds, thisMachine } from "../machine/needs.mjs";

/** @typedef {import("../machine/needs.mjs").NeedName} NeedName */
/** @typedef {import("./count-report.mjs").Count} Count */

/**
 * One stage of `npm test`. `needs` is what the machine must have, `after` names the stages whose results it reads; after
 * `limitMs` the stage is ended. Without `report` it is a check: one test, passed when the command ends with 0.
 *
 * @typedef {{
 *   name: string,
 *   command: string[],
 *   report?: { runner: "vitest" | "playwright", path: string },
 *   environment?: Record<string, string>,
 *   needs?: NeedName[],
 *   after?: string[],
 *   limitMs?: number,
 * }} Stage
 */

const usualLimitMs = 30 * 60_000;

/**
 * Runs a command with its output shown; each line begins with the stage's name where others run beside it.
 *
 * @param {Stage} stage @param {string} root @param {boolean} named
 * @returns {Promise<number | null>} its exit code, null when it was killed or could not start
 */
function run({ name, command, environment = {}, limitMs = usualLimitMs }, root, named) {
  const [program = "", ...options] = command;
  return new Promise((resolve) => {
    const env = { ...process.env, ...environment };
    const child = spawn(program, options, { cwd: root, stdio: named ? ["ignore", "pipe", "pipe"] : "inherit", env });
    for (const stream of [child.stdout, child.stderr]) {
      if (stream) createInterface({ input: stream }).on("line", (line) => console.log(`${name} | ${line}`));
    }
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
 * @param {Stage} stage @param {string} root @param {Map<NeedName, string>} missing @param {boolean} named
 * @returns {Promise<Count>}
 */
async function runStage(stage, root, missing, named) {
  try {
    const unmet = (stage.needs ?? []).flatMap((name) => missing.get(name) ?? []);
    if (unmet.length > 0) return { passed: 0, failed: 1, notes: unmet };
    if (stage.report) {
      mkdirSync(dirname(stage.report.path), { recursive: true });
      rmSync(stage.report.path, { force: true });
    }
    const code = await run(stage, root, named);
    if (stage.report) return countReport(stage.report.runner, stage.report.path, code);
    return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, notes: [] };
  } catch (error) {
    return { passed: 0, failed: 1, notes: [error instanceof Error ? error.message : String(error)] };
  }
}

/**
 * Runs `work` on every stage, up to `atOnce` at a time: whenever one ends, the first that waits for no other starts.
 *
 * @param {Stage[]} stages @param {number} atOnce @param {(stage: Stage) => Promise<void>} work
 */
async function inOrder(stages, atOnce, work) {
  const waiting = [...stages];
  /** @type {Map<string, Promise<void>>} */
  const running = new Map();
  while (waiting.length + running.size > 0) {
    const pending = new Set([...waiting.map(({ name }) => name), ...running.keys()]);
    const stage = waiting.find(({ after = [] }) => !after.some((name) => pending.has(name)));
    if (stage && running.size < atOnce) {
      waiting.splice(waiting.indexOf(stage), 1);
      const { name } = stage;
      running.set(
        name,
        work(stage).finally(() => void running.delete(name)),
      );
    } else await Promise.race(running.values());
  }
}

/**
 * Installs what any of the stages needs, then runs them, up to `atOnce` side by side, shows the result of each, and
 * prints the closing line `N passed, N failed`. A stage whose needs cannot be met counts as failed; the others run.
 *
 * @param {Stage[]} stages of names that differ, none after one that is itself after it
 * @param {string} root folder to run in
 * @param {{ atOnce?: number, machine?: import("../machine/needs.mjs").Machine }} [options]
 * @returns {Promise<{ passed: number, failed: number }>}
 */
export async function runStages(stages, root, { atOnce = 1, machine = thisMachine(root) } = {}) {
  const missing = installNeeds(new Set(stages.flatMap(({ needs = [] }) => needs)), machine);
  const begin = Date.now();
  /** @param {number} from */
  const secondsSince = (from) => ((Date.now() - from) / 1000).toFixed(1);
  /** @type {Map<string, Count & { seconds: string }>} */
  const counts = new Map();
  await inOrder(stages, atOnce, async (stage) => {
    console.log(`\n=== ${stage.name}`);
    const start = Date.now();
    const count = await runStage(stage, root, missing, atOnce > 1 && stages.length > 1);
    counts.set(stage.name, { ...count, seconds: secondsSince(start) });
  });
  const lines = [];
  const total = { passed: 0, failed: 0 };
  for (const { name } of stages) {
    const { passed, failed, notes, seconds } = counts.get(name) ?? { passed: 0, failed: 1, notes: [], seconds: "0" };
    total.passed += passed;
    total.failed += failed;
    lines.push(`${failed > 0 ? "FAILED" : "ok    "}  ${name}: ${passed} passed, ${failed} failed (${seconds} s)`);
    lines.push(...notes.map((note) => `          ${note}`));
  }
  console.log(`\n${lines.join("\n")}\n\nAll stages took ${secondsSince(begin)} s.`);
  console.log(`${total.passed} passed, ${total.failed} failed`);
  return total;
}
