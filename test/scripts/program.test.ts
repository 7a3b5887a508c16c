import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isStale } from "../../scripts/stale-program.mjs";

function program(...options: string[]) {
  return spawnSync(process.execPath, ["scripts/program.mjs", ...options], { encoding: "utf8" });
}

describe("programs for Node", () => {
  it("refuse an unknown name without a word on standard output", () => {
    const { status, stdout, stderr } = program("nothing");
    expect(status).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toContain("tabtune, parity, bench");
  });
});

describe("a built program", () => {
  const files = ["src/a.ts", "bench/main.ts", "build/c.ts", "package-lock.json", "test/kinds.ts", "test/other.ts"];
  let root: string;
  const touch = (file: string, seconds: number) => utimesSync(join(root, file), seconds, seconds);
  const stale = () => isStale(root, "bench/main.ts", "dist");

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "tabtune-program-"));
    const built = { "dist/program.js": "", "dist/sources.json": JSON.stringify(["src/a.ts", "test/kinds.ts"]) };
    for (const [file, text] of [...files.map((file) => [file, ""]), ...Object.entries(built)] as [string, string][]) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), text);
    }
    for (const file of [...files, "src", "bench", "build"]) touch(file, 1000);
    touch("dist/program.js", 2000);
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it("is built again when one of its files changes or goes, wherever that is, and for no other", () => {
    expect(stale()).toBe(false);
    touch("test/other.ts", 3000);
    expect(stale()).toBe(false);
    touch("test/kinds.ts", 3000);
    expect(stale()).toBe(true);
    rmSync(join(root, "test/kinds.ts"));
    expect(stale()).toBe(true);
  });

  it.each(["src/a.ts", "bench/main.ts", "build/c.ts", "package-lock.json"])(
    "is built again when %s changes",
    (file) => {
      touch(file, 3000);
      expect(stale()).toBe(true);
    },
  );

  it("is built again where its list of files is missing", () => {
    rmSync(join(root, "dist/sources.json"));
    expect(stale()).toBe(true);
  });
});
