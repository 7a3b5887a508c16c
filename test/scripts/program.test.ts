import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";

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
