import { describe, expect, it } from "vitest";
import { documentFiles, documents } from "../../build/documents-plugin.ts";
import { renderDocument } from "../../build/documents/render.ts";
import { sections } from "../../src/advice/finding.ts";
import { valuesOf } from "../../src/recipe/field-text.ts";
import { fieldGroups, fieldNames, fields } from "../../src/recipe/fields.ts";

const files = documentFiles();
const pages = documents.map(({ name }) => files[`${name}.html`] ?? "");
const handbook = files["handbook.html"] ?? "";
const all = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, found = ""]) => found);

describe("the handbook's page", () => {
  it("has a heading for each section that a finding points to", () => {
    const headings = all(handbook, /<h[23] id="([^"]+)"/g);
    expect(headings.length).toBeGreaterThan(50);
    expect(Object.keys(sections).filter((anchor) => !headings.includes(anchor))).toEqual([]);
  });

  it("links every field of the recipe, and nothing else, to the field in the app's tab", () => {
    const linked = new Set(all(handbook, /<a class="field" href="\.\/#recipe\.(\w+)" target="tabtune">/g));
    expect([...linked].sort()).toEqual(Object.keys(fields).sort());
  });

  it("has a reference of all fields, from the table of fields", () => {
    const reference = handbook.split('id="all-fields-of-the-recipe"')[1]?.split('id="glossary"')[0] ?? "";
    const listed = all(reference, /<li><a class="field" href="\.\/#recipe\.(\w+)"/g);
    expect(listed).toEqual(fieldGroups.flatMap((group) => group.fields));
    const text = reference
      .replace(/<[^>]*>/g, "")
      .replaceAll("&quot;", '"')
      .replaceAll("&#39;", "'");
    for (const name of fieldNames) {
      for (const words of [fields[name].what, fields[name].usual.slice(1), fields[name].source, valuesOf(name)]) {
        expect(text).toContain(words);
      }
    }
    expect(text).toContain("Matters while “LoRA rank” is above 0.");
    expect(text).not.toContain("\\");
  });

  it("names each of its sections at the side once", () => {
    const side = /<nav class="side"[^]*?<\/nav>/.exec(handbook)?.[0] ?? "";
    const named = all(side, /href="#([^"]+)"/g);
    const sectionsOfPage = all(handbook, /<h[23] id="([^"]+)"/g).filter((anchor) => anchor !== "contents");
    expect(named).toEqual(sectionsOfPage);
  });

  it("shows pictures, each told in words", () => {
    const pictures = [...handbook.matchAll(/<img src="(figures\/[^"]+)" alt="([^"]*)"/g)];
    expect(pictures.length).toBeGreaterThan(3);
    expect(pictures.filter(([, , words = ""]) => words.length < 20)).toEqual([]);
  });
});

describe("the documents", () => {
  it("need nothing that is not built with them, and no heading that is not there", () => {
    for (const page of pages) {
      const needed = [...all(page, /src="([^"]+)"/g), ...all(page, /href="([^"#]+)/g)].filter((path) => path !== "./");
      const known = [...Object.keys(files), "favicon.svg"];
      expect(needed.filter((path) => !known.includes(path))).toEqual([]);
      const anchors = all(page, / id="([^"]+)"/g);
      expect(new Set(anchors).size).toBe(anchors.length);
      expect(all(page, /href="#([^"]+)"/g).filter((anchor) => !anchors.includes(anchor))).toEqual([]);
      for (const [, name = "", anchor = ""] of page.matchAll(/href="(\w+\.html)#([^"]+)"/g)) {
        expect(files[name]).toContain(` id="${anchor}"`);
      }
    }
  });

  it("carry the policy of their own origin, and no script or style within", () => {
    for (const page of pages) {
      expect(page).toContain("Content-Security-Policy\" content=\"default-src 'self'");
      expect(page).not.toMatch(/<script(?![^>]*src=)|<style|\sstyle=|\son\w+=/);
    }
  });
});

describe("renderDocument", () => {
  it("refuses a field that the recipe lacks or calls otherwise, and a link to a file that is no page", () => {
    expect(() => renderDocument("**Learning rate** (`rate`)", [])).toThrow("no field “Learning rate” (rate)");
    expect(() => renderDocument("**Rate** (`learningRate`)", [])).toThrow("no field “Rate” (learningRate)");
    expect(() => renderDocument("[x](x.md)", ["y"])).toThrow("links to x.md");
    expect(renderDocument("[x](x.md#z)", ["x"]).html).toContain('href="x.html#z"');
  });

  it("gives headings the anchors of code hosts, and tables a frame that scrolls and has a name", () => {
    const { html, title } = renderDocument("# R-Drop, what is it?\n\n| | a `b` |\n|---|---|\n| 1 | 2 |\n", []);
    expect(title).toBe("R-Drop, what is it?");
    expect(html).toContain('<h1 id="r-drop-what-is-it">');
    expect(html).toMatch(/<div class="table" role="group" tabindex="0" aria-label="Table: [^"]*a `b`"><table>/);
    expect(html).toContain('<td></td><th scope="col">a <code>b</code></th>');
  });

  it("puts pictures of one paragraph side by side", () => {
    expect(renderDocument("![a](a.svg)\n![b](b.svg)", [])).toMatchObject({
      pictures: ["a.svg", "b.svg"],
      html: expect.stringContaining('<p class="panels">') as string,
    });
    expect(renderDocument("see ![a](a.svg)", []).html).not.toContain("panels");
  });
});
