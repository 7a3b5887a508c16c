import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { countReport } from "../../scripts/test/count-report.mjs";

let folder = "";
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "count-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function report(value: unknown) {
  const path = join(folder, "report.json");
  writeFileSync(path, JSON.stringify(value));
  return path;
}

const good = { name: "a.test.ts", status: "passed", assertionResults: [{ status: "passed" }, { status: "passed" }] };

describe("countReport", () => {
  it("takes a missing report for a failure", () => {
    expect(countReport("vitest", join(folder, "none.json"), 0)).toMatchObject({ passed: 0, failed: 1 });
  });

  it("counts passed tests", () => {
    expect(countReport("vitest", report({ testResults: [good] }), 0)).toEqual({ passed: 2, failed: 0, notes: [] });
  });

  it("takes an exit code that nothing explains for a failure", () => {
    expect(countReport("vitest", report({ testResults: [good] }), 1)).toMatchObject({ passed: 2, failed: 1 });
    expect(countReport("vitest", report({ testResults: [good] }), null)).toMatchObject({ passed: 2, failed: 1 });
  });

  it("takes an empty report for a failure", () => {
    expect(countReport("vitest", report({ testResults: [] }), 0)).toMatchObject({ passed: 0, failed: 1 });
    expect(countReport("playwright", report({}), 0)).toMatchObject({ passed: 0, failed: 1 });
  });

  it("counts failed and skipped tests and files that could not be imported", () => {
    const mixed = {
      name: "b.test.ts",
      status: "failed",
      assertionResults: [{ status: "failed" }, { status: "pending" }],
    };
    const broken = { name: "c.test.ts", status: "failed", message: "no such module", assertionResults: [] };
    const count = countReport("vitest", report({ testResults: [good, mixed, broken] }), 1);
    expect(count).toMatchObject({ passed: 2, failed: 3 });
    expect(count.notes.join("\n")).toContain("no such module");
  });

  it("counts Playwright's tests and its errors outside of tests", () => {
    const stats = { expected: 4, unexpected: 1, flaky: 1, skipped: 1 };
    const count = countReport("playwright", report({ stats, errors: [{ message: "cannot start" }] }), 1);
    expect(count).toEqual({ passed: 4, failed: 4, notes: ["error outside of a test: cannot start"] });
  });
});
