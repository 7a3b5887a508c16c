import { existsSync, readdirSync, readFileSync, statSync, truncateSync } from "node:fs";
import { appendFile, cp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runProgram } from "./program.ts";
import { left, resumable, resume as resumeOptions, sets } from "./resumable.ts";
import { tinyFolder, type TinyFolder } from "./tiny-folder.ts";
import { watchProgram } from "./watched.ts";

let tiny: TinyFolder;
/** A run that was never interrupted. */
let whole: string;

const place = (name: string) => join(tiny.folder, name);
const fitOptions = (out: string, ...more: string[]) => resumable(tiny, out, ...more);
const resume = (out: string) => runProgram(resumeOptions(out));

beforeAll(async () => {
  tiny = await tinyFolder();
  whole = place("whole");
  expect((await runProgram(fitOptions(whole))).code).toBe(0);
});

afterAll(async () => {
  await rm(tiny.folder, { recursive: true });
});

/** Starts a run, and kills its process without warning once standard error has some words and a delay has passed. */
async function killed(out: string, words: RegExp, delayMs: number, ...more: string[]): Promise<void> {
  const { seen, ended } = watchProgram(fitOptions(out, ...more));
  await seen(words);
  await new Promise((resolve) => setTimeout(resolve, delayMs));
  process.kill(Number(readFileSync(join(out, "saves/lock"), "utf8")), "SIGKILL");
  await ended;
}

describe("a run that was killed goes on", () => {
  it.each([
    ["right after its first save", 0],
    ["some steps later", 150],
    ["later", 400],
  ])("%s, and leaves what an uninterrupted one does", async (name, delayMs) => {
    const out = place(`killed-${delayMs}`);
    await killed(out, /Saved after \d+ steps/, delayMs, "--save-every", "7steps");
    expect(existsSync(join(out, "report.json")), name).toBe(false);
    const { code, stderr } = await resume(out);
    expect(stderr).toMatch(/Going on after step \d+\./);
    expect(code).toBe(0);
    expect(left(out)).toEqual(left(whole));
  });

  it("from the save before where the last one is damaged, which is said", async () => {
    const out = place("damaged");
    await killed(out, /Saved after/, 150, "--save-every", "5steps");
    const saves = readdirSync(join(out, "saves"))
      .filter((name) => name.startsWith("save-"))
      .sort();
    const last = saves.at(-1) ?? "";
    truncateSync(join(out, "saves", last), Math.floor(statSync(join(out, "saves", last)).size / 2));
    const { code, stderr } = await resume(out);
    expect(stderr).toContain(`${last} is damaged.`);
    expect(code).toBe(0);
    expect(left(out)).toEqual(left(whole));
  });

  it("from the start where nothing was saved yet", async () => {
    const out = place("unsaved");
    await killed(out, /full evaluation at step/, 0);
    const { code, stderr } = await resume(out);
    expect(stderr).toContain("No save was made yet: the run starts over.");
    expect(code).toBe(0);
    expect(left(out)).toEqual(left(whole));
  });
});

describe("a run that was cut off", () => {
  let cut: string;
  const copyOf = async (name: string) => {
    await cp(cut, place(name), { recursive: true });
    return place(name);
  };

  beforeAll(async () => {
    cut = place("cut");
    await killed(cut, /Saved after/, 50, "--save-every", "20steps");
  });

  it("is not replaced by a new run in its folder", async () => {
    const before = readdirSync(join(cut, "saves")).filter((name) => name !== "lock");
    const { code, stderr } = await runProgram(fitOptions(cut));
    expect(stderr).toMatch(/has a run that was cut off after at least \d+ steps/);
    expect(stderr).toContain(`fit --resume ${cut}`);
    expect(code).toBe(2);
    expect(readdirSync(join(cut, "saves"))).toEqual(before);
  });

  it("names the file that was changed, moved or is another one", async () => {
    const out = await copyOf("changed");
    const data = await readFile(tiny.data);
    await appendFile(tiny.data, "\none more,good");
    expect((await resume(out)).stderr).toContain(`The file ${tiny.data} had ${data.length} bytes and has`);
    const other = Buffer.from(data);
    other[other.length - 1] = (other.at(-1) ?? 0) ^ 1;
    await writeFile(tiny.data, other);
    expect((await resume(out)).stderr).toContain(`The file ${tiny.data} has other contents now`);
    await writeFile(tiny.data, data);
    const config = join(tiny.model, "config.json");
    await rename(config, `${config}.away`);
    const { code, stderr } = await resume(out);
    expect(stderr).toContain(`The file ${config} is not there any more`);
    expect(code).toBe(2);
    await rename(`${config}.away`, config);
    expect((await resume(out)).code).toBe(0);
    expect(left(out)).toEqual(left(whole));
  });

  it("goes on with its own options alone", async () => {
    const { code, stderr } = await runProgram(["tabtune", "fit", "--resume", cut, "--steps", "3"]);
    expect(stderr).toContain("--resume was given with other options.");
    expect(code).toBe(2);
  });
});

describe("a run that trains now", () => {
  it("is neither gone on with nor replaced by another process", async () => {
    const out = place("live");
    const { child, seen, ended } = watchProgram(fitOptions(out, ...sets("epochs=1000"), "--save-every", "20steps"));
    await seen(/Saved after/);
    const pid = readFileSync(join(out, "saves/lock"), "utf8");
    for (const one of [await resume(out), await runProgram(fitOptions(out))]) {
      expect(one.stderr).toContain(`The process ${pid} trains in ${out} now.`);
      expect(one.code).toBe(2);
    }
    expect(readFileSync(join(out, "saves/lock"), "utf8")).toBe(pid);
    child.kill("SIGTERM");
    expect((await ended).stderr).toContain(`To go on with this run: fit --resume ${out}`);
  });
});

describe("a run that was stopped", () => {
  it("writes its results, is saved at its last step whatever the interval, and goes on from there", async () => {
    const out = place("stopped");
    const { child, seen, ended } = watchProgram(fitOptions(out));
    await seen(/full evaluation at step/);
    child.kill("SIGINT");
    expect((await ended).code).toBe(130);
    expect(existsSync(join(out, "report.json"))).toBe(true);
    const { code, stderr } = await resume(out);
    expect(stderr).toMatch(/Going on after step \d+\./);
    expect(code).toBe(0);
    expect(left(out)).toEqual(left(whole));
  });
});

describe("a run that has ended", () => {
  it("says so, and nothing changes", async () => {
    const before = statSync(join(whole, "report.json")).mtimeMs;
    const { code, stderr } = await resume(whole);
    expect(stderr).toContain(`The run in ${whole} has ended. Its files are as they were.`);
    expect(code).toBe(0);
    expect(statSync(join(whole, "report.json")).mtimeMs).toBe(before);
  });

  it("is no folder of something else", async () => {
    const { code, stderr } = await resume(tiny.model);
    expect(stderr).toContain("has no run that can go on.");
    expect(code).toBe(2);
  });

  it("leaves no saves where saving is off or the run is short", async () => {
    const out = place("off");
    const { code } = await runProgram(fitOptions(out, "--steps", "2", "--save-every", "off"));
    expect(code).toBe(0);
    expect(existsSync(join(out, "saves"))).toBe(false);
    expect(existsSync(join(whole, "saves"))).toBe(false);
    const { stderr } = await runProgram(fitOptions(out, "--save-every", "often"));
    expect(stderr).toContain("“often” is no interval of saves.");
  });
});
