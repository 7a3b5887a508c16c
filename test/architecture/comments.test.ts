import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

/** A comment is a sentence with a subject: "Of a field that …" has none. */
const HEADLESS = /^\s*(\/\/|\/?\*\*?) Of /m;

const filesOf = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((path) => `${folder}/${path}`)
    .filter((path) => /\.(tsx?|mjs|wgsl|as)$/.test(path));

describe("comments", () => {
  it("begin with a subject", () => {
    const files = ["src", "test", "bench", "build", "scripts"].flatMap(filesOf);
    expect(files.length).toBeGreaterThan(800);
    expect(files.filter((path) => HEADLESS.test(readFileSync(path, "utf8")))).toEqual([]);
  });

  it.each(["// Of rows.", "  /** Of rows. */", " * Of rows"])("are found without one: %s", (text) => {
    expect(text).toMatch(HEADLESS);
  });
});
