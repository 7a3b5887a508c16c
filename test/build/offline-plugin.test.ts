import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { fillServiceWorker, shellFiles, type OutputFile } from "../../build/offline-plugin.ts";

const chunk = (imports: string[], more: Partial<OutputFile> = {}): OutputFile => ({ type: "chunk", imports, ...more });

describe("shellFiles", () => {
  it("takes entries, their static imports all the way down and their styles, and nothing that loads later", () => {
    const bundle = {
      "assets/index.js": chunk(["assets/a.js"], {
        isEntry: true,
        viteMetadata: { importedCss: new Set(["assets/i.css"]) },
      }),
      "assets/a.js": chunk(["assets/b.js"]),
      "assets/b.js": chunk(["assets/a.js"]),
      "assets/charts.js": chunk(["assets/a.js"]),
      "assets/train.worker.js": { type: "asset" as const },
    };
    expect(shellFiles(bundle)).toEqual(["assets/a.js", "assets/b.js", "assets/i.css", "assets/index.js"]);
  });
});

describe("fillServiceWorker", () => {
  const source = readFileSync("build/offline/service-worker.js", "utf8");
  const built = (text: string): unknown => JSON.parse(/JSON\.parse\('(.*)'\)/.exec(text)?.[1] ?? "null");

  it("puts the files into the service worker's own text", () => {
    const text = fillServiceWorker(source, ["index.html"], ["<html>"]);
    expect(built(text)).toEqual({
      version: expect.stringMatching(/^[0-9a-f]{12}$/) as string,
      shell: ["./index.html"],
    });
  });

  it("gives a new version to changed names and to changed contents", () => {
    const texts = [
      fillServiceWorker(source, ["a.js"], ["1"]),
      fillServiceWorker(source, ["b.js"], ["1"]),
      fillServiceWorker(source, ["a.js"], ["2"]),
    ];
    expect(new Set(texts.map((text) => JSON.stringify(built(text)))).size).toBe(3);
    expect(fillServiceWorker(source, ["a.js"], ["1"])).toBe(texts[0]);
  });

  it("throws when the text has no place for the list", () => {
    expect(() => fillServiceWorker("", [], [])).toThrow("no place");
  });
});
