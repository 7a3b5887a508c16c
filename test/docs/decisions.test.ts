import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const folder = "docs/decisions";
const decisions = readdirSync(folder);
const architecture = readFileSync("ARCHITECTURE.md", "utf8");

describe("decisions", () => {
  it("are all linked from ARCHITECTURE.md, by their titles", () => {
    const links = [...architecture.matchAll(/\[([^\]]+)\]\(docs\/decisions\/([\w-]+\.md)\)/g)];
    expect(links.map(([, , file]) => file).sort()).toEqual([...decisions].sort());
    for (const [, title, file] of links) {
      expect(readFileSync(`${folder}/${file}`, "utf8").split("\n")[0]).toBe(`# ${title}`);
    }
  });

  it.each(decisions)("name files that exist: %s", (file) => {
    const text = readFileSync(`${folder}/${file}`, "utf8");
    const missing = [...text.matchAll(/`((?:[\w-]+\/)+[\w-]*(?:\.\w+)?)`/g)]
      .map(([, path = ""]) => path)
      .filter((path) => !["", "src/"].some((root) => existsSync(root + path)));
    expect(missing).toEqual([]);
  });
});
