import { lstat, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openOutput } from "../../src/cli/output.ts";

let folder: string;
let data: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tabtune-output-"));
  data = join(folder, "data.csv");
  await writeFile(data, "text\n");
});
afterEach(() => rm(folder, { recursive: true }));

describe("the file of --out", () => {
  it("has its name once it is whole; until then an older one stays", async () => {
    const out = join(folder, "out.jsonl");
    await writeFile(out, "old");
    const output = openOutput(out, data);
    await output.write("new ");
    expect(await readFile(out, "utf8")).toBe("old");
    await output.write("lines");
    output.finish();
    output.discard();
    expect(await readFile(out, "utf8")).toBe("new lines");
    expect((await readdir(folder)).sort()).toEqual(["data.csv", "out.jsonl"]);
  });

  it("goes where it was not finished", async () => {
    const output = openOutput(join(folder, "out.csv"), data);
    await output.write("half");
    output.discard();
    expect(await readdir(folder)).toEqual(["data.csv"]);
  });

  it("is written through a link, which stays one", async () => {
    await writeFile(join(folder, "target"), "old");
    await symlink("target", join(folder, "link"));
    const output = openOutput(join(folder, "link"), data);
    await output.write("new");
    output.finish();
    expect(await readFile(join(folder, "target"), "utf8")).toBe("new");
    expect((await lstat(join(folder, "link"))).isSymbolicLink()).toBe(true);
  });

  it("may be a device, which is written and not replaced", async () => {
    const output = openOutput("/dev/null", data);
    await output.write("x");
    output.finish();
    expect((await lstat("/dev/null")).isCharacterDevice()).toBe(true);
    const full = openOutput("/dev/full", data);
    expect(() => full.write("x")).toThrow("ENOSPC");
    full.discard();
  });

  it.each([
    ["the file that is read", "data.csv", /it is the file of --data/],
    ["a folder", ".", /it is a folder, not a file/],
    ["within a folder that is not there", "no/out.csv", /it does not exist/],
  ])("is refused where it is %s", (_, name, reason) => {
    expect(() => openOutput(join(folder, name), data)).toThrow(reason);
  });
});
