import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import * as v from "valibot";
import { print } from "../../src/cli/output.ts";
import { tinyFolder, type TinyFolder } from "./tiny-folder.ts";
import { watchProgram } from "./watched.ts";

let tiny: TinyFolder;
let large: string;

beforeAll(async () => {
  tiny = await tinyFolder();
  large = join(tiny.folder, "large.csv");
  const rows = Array.from({ length: 60_000 }, (_, row) => `the film is number ${row},LABEL_${row % 3}`);
  await writeFile(large, `text,label\n${rows.join("\n")}\n`);
});
afterAll(() => rm(tiny.folder, { recursive: true }));

const signals = [
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
] as const;

describe("find-rate that is told to end", () => {
  it.each(signals)("by %s prints what it measured and ends with %d", async (signal, expected) => {
    const sets = ["batchSize=64", "maxLength=64"].flatMap((setting) => ["--set", setting]);
    const options = ["tabtune", "find-rate", "--model", tiny.model, "--data", large, ...sets, "--backend", "wasm"];
    const { child, seen, ended } = watchProgram(options);
    await seen(/10 of 60 steps/);
    child.kill(signal);
    const { code, stdout, stderr } = await ended;
    expect(stderr).toContain(`${signal}: stopping, and keeping what was measured.`);
    expect(code).toBe(expected);
    const curve = v.parse(v.object({ end: v.string(), points: v.array(v.unknown()) }), JSON.parse(stdout));
    expect(curve.end).toBe("stopped");
    expect(curve.points.length).toBeGreaterThanOrEqual(10);
    expect(curve.points.length).toBeLessThan(60);
  });
});

describe("evaluate that is told to end", () => {
  it.each(signals)("by %s says so in a sentence and ends with %d", async (signal, expected) => {
    const options = ["tabtune", "evaluate", "--model", tiny.model, "--data", large, "--backend", "wasm"];
    const { child, seen, ended } = watchProgram(options);
    await seen(/wasm · /);
    child.kill(signal);
    const { code, stdout, stderr } = await ended;
    expect(stderr).toContain(`${signal}: ended at once; nothing was written.\n`);
    expect([code, stdout]).toEqual([expected, ""]);
    expect(stderr).not.toMatch(/\n {4}at /);
  });

  it("leaves the file of --out as it was", async () => {
    const out = join(tiny.folder, "report.json");
    await writeFile(out, "mine");
    const options = ["tabtune", "evaluate", "--model", tiny.model, "--data", large, "--backend", "wasm", "--out", out];
    const { child, seen, ended } = watchProgram(options);
    await seen(/wasm · /);
    child.kill("SIGTERM");
    expect((await ended).code).toBe(143);
    expect(await readFile(out, "utf8")).toBe("mine");
    expect((await readdir(tiny.folder)).filter((name) => name.includes("unfinished"))).toEqual([]);
  });

  it.each([
    ["nowhere/report.json", "it does not exist"],
    ["tiny", "it is a folder, not a file"],
  ])("is refused before it scores where --out is %s", async (name, reason) => {
    const options = ["--model", tiny.model, "--data", large, "--out", join(tiny.folder, name)];
    const { code, stderr } = await watchProgram(["tabtune", "evaluate", ...options, "--backend", "wasm"]).ended;
    expect([code, stderr]).toEqual([2, expect.stringContaining(`cannot be written: ${reason}`)]);
    expect(stderr).not.toContain("wasm · ");
  });
});

describe("an output that nobody reads to its end", () => {
  it.each([
    ["inspect", ["--data"]],
    ["evaluate", ["--backend", "wasm", "--model", "MODEL", "--data"]],
    ["find-rate", ["--backend", "wasm", "--set", "maxLength=16", "--model", "MODEL", "--data"]],
  ])("is a sentence of %s", async (command, options) => {
    const rows = Array.from({ length: 60 }, (_, row) => `the film is number ${row},LABEL_${row % 3}`);
    const data = join(tiny.folder, "few.csv");
    await writeFile(data, `text,label\n${rows.join("\n")}\n`);
    const given = options.map((option) => (option === "MODEL" ? tiny.model : option));
    const { child, ended } = watchProgram(["tabtune", command, ...given, data]);
    child.stdout?.destroy();
    const { code, stderr } = await ended;
    expect(code).toBe(2);
    expect(stderr).toContain("The output is incomplete: the program that reads it has ended.\n");
    expect(stderr).not.toMatch(/\n {4}at /);
  });
});

describe("print", () => {
  afterEach(() => vi.restoreAllMocks());

  /** Standard output that takes nothing until it is told to. */
  function slowOutput() {
    const waiting: ((error?: Error | null) => void)[] = [];
    vi.spyOn(process.stdout, "write").mockImplementation((_, then) => {
      if (typeof then === "function") waiting.push(then);
      return false;
    });
    return (error?: Error) => waiting.shift()?.(error);
  }

  it("waits until the reader has taken the text", async () => {
    const take = slowOutput();
    let isDone = false;
    const done = print("a line\n").then(() => (isDone = true));
    await Promise.resolve();
    expect(isDone).toBe(false);
    take();
    await done;
    expect(isDone).toBe(true);
  });

  it("fails where nobody reads any more", async () => {
    const take = slowOutput();
    const done = print("a line\n");
    take(new Error("EPIPE"));
    await expect(done).rejects.toThrow("EPIPE");
  });
});
