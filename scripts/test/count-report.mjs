import { existsSync, readFileSync } from "node:fs";

/** @typedef {{ passed: number, failed: number, notes: string[] }} Count */
/** @typedef {{ status: string, fullName?: string, title?: string }} VitestAssertion */
/** @typedef {{ name: string, status: string, message?: string, assertionResults?: VitestAssertion[] }} VitestFile */
/** @typedef {{ success?: boolean, testResults?: VitestFile[] }} VitestReport */
/** @typedef {{ expected: number, unexpected: number, flaky: number, skipped: number }} PlaywrightStats */
/** @typedef {{ stats?: PlaywrightStats, errors?: { message?: string }[] }} PlaywrightReport */

/**
 * Counts a runner's report. Whatever is not a passed test is a failed one: a skipped test, a file that could not be
 * imported, an error outside of any test, an exit code that nothing in the report explains, an empty or absent report.
 *
 * @param {"vitest" | "playwright"} runner
 * @param {string} path the runner's JSON report
 * @param {number | null} exitCode of the runner, null when it was killed
 * @returns {Count}
 */
export function countReport(runner, path, exitCode) {
  if (!existsSync(path)) return { passed: 0, failed: 1, notes: [`${runner} left no report.`] };
  const report = JSON.parse(readFileSync(path, "utf8"));
  const count = runner === "vitest" ? countVitest(report) : countPlaywright(report);
  if (count.passed + count.failed === 0) return { passed: 0, failed: 1, notes: [`${runner} ran no test.`] };
  if (count.failed === 0 && exitCode !== 0) {
    return { ...count, failed: 1, notes: [`${runner} ended with ${exitCode ?? "a signal"} though no test failed.`] };
  }
  return count;
}

/** @param {VitestReport} report @returns {Count} */
function countVitest(report) {
  /** @type {Count} */
  const count = { passed: 0, failed: 0, notes: [] };
  for (const file of report.testResults ?? []) {
    const results = file.assertionResults ?? [];
    const passed = results.filter(({ status }) => status === "passed").length;
    const others = results.filter(({ status }) => status !== "passed");
    count.passed += passed;
    count.failed += others.length;
    for (const { status, fullName, title } of others) count.notes.push(`${status}: ${file.name}: ${fullName ?? title}`);
    // A file that fails as it is imported has no results at all.
    if (others.length === 0 && (file.status !== "passed" || passed === 0)) {
      count.failed += 1;
      count.notes.push(`${file.status}: ${file.name}: ${file.message ?? "no test in it"}`);
    }
  }
  return count;
}

/** @param {PlaywrightReport} report @returns {Count} */
function countPlaywright(report) {
  const stats = report.stats ?? { expected: 0, unexpected: 0, flaky: 0, skipped: 0 };
  const errors = report.errors ?? [];
  return {
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky + stats.skipped + errors.length,
    notes: errors.map(({ message }) => `error outside of a test: ${message ?? "(no message)"}`),
  };
}
