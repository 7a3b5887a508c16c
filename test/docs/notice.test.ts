import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { noticeText } from "../../scripts/notice.mjs";

const lockfile = readFileSync("package-lock.json", "utf8");

it("lists what is in the lockfile now; else run node scripts/notice.mjs", () => {
  expect(readFileSync("NOTICE", "utf8")).toBe(noticeText(lockfile));
});

it("has every dependency of package.json, and none that only develops", () => {
  const { dependencies, devDependencies } = JSON.parse(readFileSync("package.json", "utf8")) as Record<
    "dependencies" | "devDependencies",
    Record<string, string>
  >;
  const lines = noticeText(lockfile).split("\n");
  const listed = ([name, version]: [string, string]) => lines.some((line) => line.startsWith(`${name} ${version}: `));
  expect(Object.entries(dependencies).filter((one) => !listed(one))).toEqual([]);
  expect(lines.filter((line) => /^(vitest|playwright|eslint) /.test(line))).toEqual([]);
  expect(Object.keys(devDependencies)).toContain("vitest");
});

it("refuses a package without a licence, and names one of two places once", () => {
  const of = (packages: object) => noticeText(JSON.stringify({ packages }));
  const one = { version: "1.0.0", license: "MIT" };
  const twice = of({ "": {}, "node_modules/@a/b": one, "node_modules/c/node_modules/@a/b": one });
  expect(twice.match(/^@a\/b 1\.0\.0: MIT$/gm)).toHaveLength(1);
  expect(() => of({ "node_modules/x": { version: "1.0.0" } })).toThrow("no version or licence of x");
});
