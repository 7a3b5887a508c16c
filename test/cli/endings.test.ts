import { spawn } from "node:child_process";
import { mkdir, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runProgram } from "./program.ts";
import { tinyFolder, type TinyFolder } from "./tiny-folder.ts";
import { watchProgram } from "./watched.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const sets = (...settings: string[]) => settings.flatMap((setting) => ["--set", setting]);
// Without a baseline, which a run writes beside its files where it is better than so few steps.
const calm = sets("batchSize=8", "maxLength=32", "evaluationsPerEpoch=1", "learningRate=1e-3", "baseline=false");

let tiny: TinyFolder;

beforeAll(async () => {
  tiny = await tinyFolder();
});

afterAll(async () => {
  await rm(tiny.folder, { recursive: true });
});

const fitOptions = (out: string, ...more: string[]) => {
  const files = ["--model", tiny.model, "--data", tiny.data, "--valid", tiny.valid, "--out", out];
  return ["tabtune", "fit", ...files, ...calm, "--backend", "wasm", ...more];
};
const place = (name: string) => join(tiny.folder, name);
const reportOf = async (out: string): Promise<unknown> => JSON.parse(await readFile(join(out, "report.json"), "utf8"));
const contents = async (folder: string) => (await readdir(folder)).sort();
const whole = ["metrics.jsonl", "model", "report.html", "report.json"];
/** A run that was stopped can go on. */
const stopped = [...whole, "saves"];

describe("a run that diverges", () => {
  it("writes its best weights, says what happened and ends with 1", async () => {
    const out = place("diverged");
    // Epochs of one step: the first at a rate of 0, since the warm-up begins there, and the next ones far too high.
    const wild = sets("batchSize=80", "learningRate=1e6", "warmupShare=0.5", "epochs=10");
    const { code, stderr, stdout } = await runProgram(fitOptions(out, ...wild));
    expect(stderr).toMatch(/At step \d+ the loss was/);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).not.toMatch(/\n {4}at /);
    expect(await contents(out)).toEqual(whole);
    expect(await contents(join(out, "model"))).toContain("model.safetensors");
    const best = /best weights, of step (\d+)/.exec(stderr)?.[1];
    expect(await reportOf(out)).toMatchObject({ step: Number(best), weights: "best" });
  });

  it("goes back to its last save with half the rate, twice, and says so", async () => {
    const out = place("halved");
    const wild = sets("batchSize=80", "learningRate=1e6", "warmupShare=0.5", "epochs=20");
    const { code, stderr } = await runProgram(fitOptions(out, ...wild, "--save-every", "1steps"));
    const told = [...stderr.matchAll(/warning: The training diverged at step (\d+); the run went on from step (\d+)/g)];
    expect(told).toHaveLength(2);
    expect(stderr).toContain("at 50\u202f% of the rate.");
    expect(code).toBe(1);
    const report = (await reportOf(out)) as { setbacks: { from: number; step: number; rate: number }[] };
    expect(report.setbacks.map(({ rate }) => rate)).toEqual([0.5, 0.25]);
    expect(report.setbacks.map(({ from }) => `${from}`)).toEqual(told.map(([, from]) => from));
  });

  it("writes nothing where its weights give no numbers, and leaves an earlier run whole", async () => {
    const out = place("lost");
    await runProgram(fitOptions(out, "--steps", "2"));
    const before = await readFile(join(out, "report.json"), "utf8");
    const wild = sets("learningRate=1e37", "warmupShare=0");
    const { code, stderr } = await runProgram(fitOptions(out, ...wild));
    expect(stderr).toMatch(/At step \d+ the loss was/);
    expect(stderr).toContain("Nothing was written");
    expect(code).not.toBe(0);
    expect(await readFile(join(out, "report.json"), "utf8")).toBe(before);
  });
});

describe("a run that is told to end", () => {
  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const)("by %s writes its best weights and ends with %d", async (signal, expected) => {
    const out = place(signal);
    const { child, seen, ended } = watchProgram(fitOptions(out, ...sets("epochs=1000")));
    await seen(/full evaluation at step/);
    child.kill(signal);
    const { code, stderr } = await ended;
    expect(stderr).toContain(`${signal}: stopping`);
    expect(stderr).toMatch(/stopped after \d+ steps/);
    expect(code).toBe(expected);
    expect(await contents(out)).toEqual(stopped);
    expect(await reportOf(out)).toMatchObject({ weights: "best", rows: 19 });
  });

  it.each([
    ["SIGTERM", "npm alone", false],
    ["SIGHUP", "npm alone", false],
    ["SIGINT", "all that the terminal runs", true],
  ] as const)("under npm too: %s to %s", async (signal, _, all) => {
    const out = place(`npm-${signal}`);
    const options = ["run", "-s", "tabtune", "--", ...fitOptions(out, ...sets("epochs=1000")).slice(1)];
    const child = spawn("npm", options, { cwd: root, stdio: ["ignore", "ignore", "pipe"], detached: true });
    let [stderr, sent] = ["", false];
    // The program may outlive npm by a moment; its end of the pipe closes last.
    const closed = new Promise((resolve) => child.on("close", resolve));
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
      if (sent || child.pid === undefined || !stderr.includes("full evaluation at step")) return;
      sent = true;
      process.kill(all ? -child.pid : child.pid, signal);
    });
    expect(await closed).not.toBe(0);
    expect(stderr).toMatch(/SIG(INT|TERM): stopping/);
    expect(stderr).not.toContain("ended at once");
    expect(await contents(out)).toEqual(stopped);
  });

  it("before a step was made says that there is nothing, and writes nothing", async () => {
    const out = place("early");
    const { child, seen, ended } = watchProgram(fitOptions(out, ...sets("epochs=1000")));
    await seen(/held out; \d+ steps/);
    child.kill("SIGTERM");
    const { code, stderr } = await ended;
    expect(code).toBe(143);
    if (stderr.includes("no trained model")) await expect(stat(out)).rejects.toThrow();
    else expect(await contents(out)).toEqual(stopped);
  });

  it("twice ends at once and leaves the folder of an earlier run whole", async () => {
    const out = place("twice");
    await runProgram(fitOptions(out, "--steps", "3"));
    const before = await readFile(join(out, "report.json"), "utf8");
    // Both arrive while the program rests, so that it sees two signals before it can end.
    const { child, seen, ended } = watchProgram(fitOptions(out, ...sets("epochs=1000")));
    await seen(/full evaluation at step/);
    child.kill("SIGSTOP");
    child.kill("SIGINT");
    child.kill("SIGTERM");
    child.kill("SIGCONT");
    const { code, stderr } = await ended;
    expect(stderr).toContain("ended at once");
    expect([130, 143]).toContain(code);
    expect(await contents(out)).toEqual(whole);
    expect(await readFile(join(out, "report.json"), "utf8")).toBe(before);
  });
});

describe("a run whose events cannot be written", () => {
  it("still writes its best weights, says so and does not end with 0", async () => {
    const out = place("full");
    await mkdir(out);
    await symlink("/dev/full", join(out, "metrics.jsonl"));
    const { code, stderr } = await runProgram(fitOptions(out, "--steps", "5"));
    expect(stderr).toMatch(/metrics[.]jsonl cannot be written: the disk is full/);
    expect(code).toBe(1);
    expect((await contents(join(out, "model"))).includes("model.safetensors")).toBe(true);
    expect(await reportOf(out)).toMatchObject({ step: 5 });
  });
});

describe("the folder of a run", () => {
  it("is replaced whole by a later run, what that does not write included", async () => {
    const out = place("again");
    await runProgram(fitOptions(out, "--steps", "2", "--adapter", ...sets("loraRank=2")));
    expect(await contents(out)).toEqual(["adapter", ...whole]);
    const { code } = await runProgram(fitOptions(out, "--steps", "3"));
    expect(code).toBe(0);
    expect(await contents(out)).toEqual(whole);
    expect(await reportOf(out)).toMatchObject({ step: 3 });
  });

  it("is left as it was by a run that is refused", async () => {
    const out = place("kept");
    await runProgram(fitOptions(out, "--steps", "2"));
    const before = await readFile(join(out, "report.json"), "utf8");
    const { code } = await runProgram(fitOptions(out, "--label", "nothing of this name"));
    expect(code).toBe(2);
    expect(await contents(out)).toEqual(whole);
    expect(await readFile(join(out, "report.json"), "utf8")).toBe(before);
  });

  it("is refused in one sentence where it cannot serve, and nothing is touched", async () => {
    const [file, foreign, added] = [place("a file"), place("foreign"), place("added")];
    await writeFile(file, "mine");
    await mkdir(foreign);
    await writeFile(join(foreign, "notes.txt"), "mine");
    await mkdir(join(added, "model"), { recursive: true });
    await writeFile(join(added, "model", "thoughts.md"), "mine");
    const cases: [string, RegExp][] = [
      [file, /it is a file, not a folder/],
      [join(file, "below"), /a part of its path is a file/],
      [foreign, /holds notes[.]txt, which is not a file of a run/],
      [added, /holds model.thoughts[.]md, which is not a file of a run/],
      [tiny.model, /which this run reads/],
      [tiny.folder, /which this run reads/],
      ["/proc/tabtune", /cannot be written/],
    ];
    for (const [out, words] of cases) {
      const { code, stderr, stdout } = await runProgram(fitOptions(out));
      expect(stderr, out).toMatch(words);
      expect(stderr).not.toMatch(/\n {4}at /);
      expect([code, stdout]).toEqual([2, ""]);
    }
    expect(await readFile(file, "utf8")).toBe("mine");
    expect(await contents(foreign)).toEqual(["notes.txt"]);
    expect(await readFile(join(added, "model", "thoughts.md"), "utf8")).toBe("mine");
  });
});
