import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { anchorOf } from "../../build/documents/render.ts";
import { advise } from "../../src/advice/advice.ts";
import { practices, sections } from "../../src/advice/finding.ts";
import { fields } from "../../src/recipe/fields.ts";
import { defaultRecipe } from "../../src/recipe/recipe.ts";
import { parseRecipe } from "../../src/recipe/recipe-file.ts";
import { guessing, ruined, still, tooShort } from "../advice/poor-runs.ts";
import { recordedRun } from "../advice/recorded-run.ts";
import { shortRun } from "../advice/short-run.ts";

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
    expect(Object.entries(fields).filter((entry) => !named(entry))).toEqual([]);
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
    for (const [anchor, section] of Object.entries(practices)) {
      expect(anchorOf(section)).toBe(anchor);
      expect(prose, section).toMatch(new RegExp(`^###? ${section}$`, "m"));
    }
  });

  it("names, where advice leads to, the switch of each remedy", () => {
    const runs = readdirSync(new URL("../advice/runs/", import.meta.url)).filter((file) => file.endsWith(".jsonl.gz"));
    const recorded = runs.map((file) => recordedRun(file.replace(".jsonl.gz", "")));
    const poor = [tooShort, guessing, ruined, still].map((shape) => shortRun({ ...shape, recipe: {} }));
    const findings = [...recorded, ...poor].flatMap(advise);
    expect(new Set(findings.map(({ anchor }) => anchor))).toEqual(new Set(Object.keys(sections)));
    for (const { id, anchor, remedies } of findings) {
      const section = prose.split(`\n## ${sections[anchor]}\n`)[1]?.split("\n## ")[0] ?? "";
      // Steps of the warm-up are emptied for its share to hold.
      const fields = remedies
        .flatMap(({ change }) => Object.keys(change?.patch ?? {}))
        .filter((f) => f !== "warmupSteps");
      expect({ id, missing: fields.filter((field) => !section.includes(`(\`${field}\`)`)) }).toEqual({
        id,
        missing: [],
      });
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
