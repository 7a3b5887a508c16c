import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { runStages, type Stage } from "../../scripts/test/run-stages.mjs";
import { sharedFolders, testStages } from "../../scripts/test/stages.mjs";

const machine = { isPresent: () => true, hasApt: () => false, run: () => false };

let folder = "";
let said: string[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "stages-"));
  writeFileSync(join(folder, "order"), "");
  said = [];
  vi.spyOn(console, "log").mockImplementation((line: string) => void said.push(line));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
  vi.restoreAllMocks();
});

/** A stage that notes its beginning, runs `script`, and notes its end. */
function stage(name: string, script = "", more: Partial<Stage> = {}): Stage {
  const note = (word: string) => `require("fs").appendFileSync("order", "${word} ");`;
  return { name, command: [process.execPath, "-e", `${note(`+${name}`)}${script};${note(`-${name}`)}`], ...more };
}

/** Ends when another stage has noted `word`. */
const until = (word: string) =>
  `while (!require("fs").readFileSync("order", "utf8").includes("${word}")) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10)`;
const order = () => readFileSync(join(folder, "order"), "utf8").trim().split(" ");

describe("runStages", () => {
  it("runs one stage after the other where nothing else is asked for", async () => {
    expect(await runStages([stage("a"), stage("b")], folder, { machine })).toEqual({ passed: 2, failed: 0 });
    expect(order()).toEqual(["+a", "-a", "+b", "-b"]);
  });

  it("runs two side by side, and a third when one of them has ended", async () => {
    const stages = [stage("a", until("+c")), stage("b"), stage("c")];
    expect(await runStages(stages, folder, { machine, atOnce: 2 })).toEqual({ passed: 3, failed: 0 });
    expect(order().indexOf("+c")).toBeGreaterThan(order().indexOf("-b"));
    expect(order().indexOf("-a")).toBeGreaterThan(order().indexOf("+c"));
  });

  it("starts no stage before those that it comes after, and lets others pass it", async () => {
    const stages = [stage("a", until("-c")), stage("b", "", { after: ["a", "not chosen"] }), stage("c", until("+a"))];
    expect(await runStages(stages, folder, { machine, atOnce: 2 })).toEqual({ passed: 3, failed: 0 });
    expect(order().slice(-4)).toEqual(["-c", "-a", "+b", "-b"]);
  });

  it("names the stage in each line, and has the results in the order of the stages, the sum last", async () => {
    const stages = [stage("a", until("-b")), stage("b", `console.log("one\\ntwo"); console.error("three")`)];
    stages.push(stage("c", "process.exit(1)"));
    expect(await runStages(stages, folder, { machine, atOnce: 2 })).toEqual({ passed: 2, failed: 1 });
    for (const line of ["b | one", "b | two", "b | three"]) expect(said).toContain(line);
    expect(said.at(-1)).toBe("2 passed, 1 failed");
    const results = said.join("\n").match(/^(ok|FAILED) +\w/gm) ?? [];
    expect(results.map((line) => line.replace(/ +/, " "))).toEqual(["ok a", "ok b", "FAILED c"]);
  });
});

describe("the stages of npm test", () => {
  it("come after the build where they read what it wrote", () => {
    const stages = testStages({ root: folder, reports: "out", port: 1 });
    const names = stages.filter(({ after }) => after?.includes("build")).map(({ name }) => name);
    expect(names).toEqual(["weight", "e2e", "firefox", "webkit"]);
    const known = stages.map(({ name }) => name);
    expect(stages.flatMap(({ after = [] }) => after).filter((name) => !known.includes(name))).toEqual([]);
  });

  it("run each of Node's tests once: what shares a process, and all but that", () => {
    const filesOf = (environment: Record<string, string>, ...paths: string[]) => {
      const command = ["node_modules/vitest/vitest.mjs", "list", "--filesOnly", "--project", "node", ...paths];
      const env = { ...process.env, TABTUNE_WITHOUT: "", ...environment };
      return spawnSync(process.execPath, command, { encoding: "utf8", env }).stdout.match(/test\/\S+/g) ?? [];
    };
    const { environment = {} } = testStages({ root: folder, reports: "out", port: 1 }).find(isNode) ?? {};
    const [shared, others] = [filesOf({}, ...sharedFolders), filesOf(environment)];
    expect(Math.min(shared.length, others.length)).toBeGreaterThan(90);
    expect([...shared, ...others].sort()).toEqual([...filesOf({})].sort());
  });
});

const isNode = ({ name }: Stage) => name === "node";
