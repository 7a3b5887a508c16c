import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

type Version = [major: number, minor: number, patch: number];

interface Locked {
  engines?: { node?: string };
  deprecated?: string;
  optional?: boolean;
}

function versionOf(text: string): Version {
  const [major = 0, minor = 0, patch = 0] = text.split(".").map((part) => Number.parseInt(part, 10) || 0);
  return [major, minor, patch];
}

function compare(a: Version, b: Version): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}

/** Whether npm takes a version for one that a package's `engines` allows: terms beside each other, choices with ||. */
function allows(range: string, version: Version): boolean {
  return range.split("||").some((choice) => {
    const terms = choice
      .trim()
      .replace(/([<>=^~]+)\s+/g, "$1")
      .split(/\s+/);
    return terms.every((term) => {
      const [, sign = "", number = ""] = /^([<>=^~]*)(.*)$/.exec(term) ?? [];
      const bound = versionOf(number);
      const distance = compare(version, bound);
      if (number === "" || number === "*") return true;
      if (sign === ">=") return distance >= 0;
      if (sign === ">") return distance > 0;
      if (sign === "<") return distance < 0;
      if (sign === "<=") return distance <= 0;
      if (sign === "^") return distance >= 0 && version[0] === bound[0];
      if (sign === "~") return distance >= 0 && version[0] === bound[0] && version[1] === bound[1];
      return number.split(".").every((part, i) => /^[x*]$/.test(part) || Number(part) === version[i]);
    });
  });
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, "utf8"));
}

/** The packages that npm would warn of under a version of Node. */
function warnings(packages: Record<string, Locked>, version: string): string[] {
  const node = versionOf(version);
  return Object.entries(packages).flatMap(([place, { engines, deprecated }]) => {
    if (deprecated !== undefined) return [`${place} is deprecated`];
    return allows(engines?.node ?? "*", node) ? [] : [`${place} wants Node ${engines?.node}`];
  });
}

describe("the locked packages", () => {
  const { packages } = readJson("package-lock.json") as { packages: Record<string, Locked> };

  it.each(["20.19.0", "20.20.2", "22.13.0", "24.0.0"])("make npm warn of nothing under Node %s", (version) => {
    expect(Object.keys(packages).length).toBeGreaterThan(100);
    expect(warnings(packages, version)).toEqual([]);
  });

  it("would be warned of where one wants a newer Node, or is deprecated", () => {
    const planted = {
      a: { engines: { node: ">=22.12" } },
      b: { engines: { node: "^18 || >= 22" } },
      c: { deprecated: "no" },
    };
    const more = { d: { engines: { node: "^20.19.0 || >=22.12.0" } }, e: { engines: { node: "20 || >=22" } } };
    expect(warnings({ ...planted, ...more }, "20.19.0")).toHaveLength(3);
    expect(warnings(more, "20.18.3")).toHaveLength(1);
  });

  it("want no newer Node than package.json states", () => {
    const { engines } = readJson("package.json") as Locked;
    expect(engines?.node).toBe(">=20.19");
  });
});
