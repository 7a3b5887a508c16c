import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { anchorOf } from "../../build/documents/anchors.ts";
import { sections } from "../../src/advice/finding.ts";
import { explanations } from "../../src/recipe/explanations.ts";
import { defaultRecipe } from "../../src/recipe/recipe.ts";
import { parseRecipe } from "../../src/recipe/recipe-file.ts";

const folder = new URL("../../docs/", import.meta.url);
const text = readFileSync(new URL("handbook.md", folder), "utf8");
/** Without blocks of code, in which a # begins a comment. */
const prose = text.replace(/^```[^]*?^```$/gm, "");
const headings = [...prose.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = ""]) => heading);
const anchors = headings.map(anchorOf);
const links = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target);

describe("the handbook", () => {
  it("names every field of the recipe by its key, and as the page does", () => {
    const keys = Object.keys(defaultRecipe).filter((key) => key !== "version");
    expect(keys.filter((key) => !prose.includes(`\`${key}\``))).toEqual([]);
    const named = ([key, { label }]: [string, { label: string }]) => prose.includes(`**${label}** (\`${key}\`)`);
    expect(Object.entries(explanations).filter((entry) => !named(entry))).toEqual([]);
  });

  it("has a heading for each link into itself, and a file for each beside it", () => {
    const inside = links.filter((link) => link.startsWith("#"));
    expect(inside.length).toBeGreaterThan(50);
    expect(inside.filter((link) => !anchors.includes(link.slice(1)))).toEqual([]);
    const files = links.filter((link) => !/^(#|https?:)/.test(link)).map((link) => link.replace(/#.*$/, ""));
    expect(files.filter((file) => !existsSync(new URL(file, folder)))).toEqual([]);
  });

  it("has no two headings of one anchor", () => {
    expect(anchors.filter((anchor, i) => anchors.indexOf(anchor) !== i)).toEqual([]);
  });

  it("has the sections that advice links to", () => {
    for (const [anchor, section] of Object.entries(sections)) {
      expect(anchorOf(section)).toBe(anchor);
      expect(prose.split("\n"), section).toContain(`## ${section}`);
    }
  });

  it("shows recipes that hold", () => {
    const inBlocks = [...text.matchAll(/^```json\n([^]*?)^```$/gm)].map(([, recipe = ""]) => recipe);
    const inTables = [...text.matchAll(/`(\{[^`]*\})`/g)].map(([, recipe = ""]) => recipe);
    expect(inBlocks.length).toBeGreaterThan(0);
    expect(inTables.length).toBeGreaterThan(0);
    for (const recipe of [...inBlocks, ...inTables]) expect(() => parseRecipe(recipe), recipe).not.toThrow();
  });
});
