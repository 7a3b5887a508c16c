import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "exports-"));
  mkdirSync(join(folder, "src"));
  const compilerOptions = { module: "ESNext", moduleResolution: "Bundler", allowImportingTsExtensions: true };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["src", "test"] }));
  writeFileSync(join(folder, "src/sum.ts"), "export const sum = (a: number, b: number) => a + b;\n");
  mkdirSync(join(folder, "test"));
  writeFileSync(join(folder, "test/sum.test.ts"), 'import { sum } from "../src/sum.ts";\nvoid sum(1, 2);\n');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function check() {
  const result = spawnSync(process.execPath, ["scripts/check-exports.mjs", folder], { encoding: "utf8" });
  return { code: result.status, text: result.stdout + result.stderr };
}

describe("the check for unused exports", () => {
  it("passes a tree whose exports are all imported, if only by a test", () => {
    expect(check()).toEqual({ code: 0, text: "0 files with unused exports.\n" });
  });

  it("names a constant, a function and a type that nothing imports", () => {
    const text = "export const two = 2;\nexport function three() {}\nexport interface Four {}\n";
    writeFileSync(join(folder, "src/more.ts"), text);
    const result = check();
    expect(result.text).toContain("src/more.ts: nothing imports two, three, Four");
    expect(result.code).toBe(1);
  });
});
