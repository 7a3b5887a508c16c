import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

let reports = "";
beforeEach(() => void (reports = mkdtempSync(join(tmpdir(), "reports-"))));
afterEach(() => rmSync(reports, { recursive: true, force: true }));

function npmTest(...options: string[]) {
  const environment = Object.entries(process.env).filter(([name]) => !name.startsWith("VITEST") && name !== "NODE_ENV");
  const result = spawnSync(process.execPath, ["scripts/test.mjs", "--reports", reports, ...options], {
    encoding: "utf8",
    env: Object.fromEntries(environment),
  });
  return { code: result.status, lastLine: result.stdout.trimEnd().split("\n").at(-1), text: result.stdout };
}

describe("npm test", () => {
  it("counts a planted failing test and a file that cannot be imported, and ends with 1", () => {
    const { code, lastLine, text } = npmTest("--only", "node", "--", "--root", "test/fixtures/planted");
    expect(lastLine, text).toBe("1 passed, 2 failed");
    expect(code).toBe(1);
  });

  it("ends with 0 when all that was chosen passed", () => {
    const { code, lastLine, text } = npmTest("--only", "node", "--", "--root", "test/fixtures/planted", "good");
    expect(lastLine, text).toBe("1 passed, 0 failed");
    expect(code).toBe(0);
  });

  it("fails when a runner finds no test", () => {
    const { code, lastLine } = npmTest("--only", "node", "--", "--root", "test/fixtures/planted", "no-such-name");
    expect(lastLine).toBe("0 passed, 1 failed");
    expect(code).toBe(1);
  });

  it("refuses a stage that does not exist", () => {
    expect(npmTest("--only", "nothing").code).toBe(2);
  });
});
