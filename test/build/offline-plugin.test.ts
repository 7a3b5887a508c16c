import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { fillServiceWorker, laterFiles, shellFiles, type OutputFile } from "../../build/offline-plugin.ts";

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
      "assets/tfjs-backend-wasm.wasm": { type: "asset" as const },
    };
    expect(shellFiles(bundle)).toEqual(["assets/a.js", "assets/b.js", "assets/i.css", "assets/index.js"]);
    expect(laterFiles(bundle)).toEqual(["assets/charts.js", "assets/tfjs-backend-wasm.wasm", "assets/train.worker.js"]);
  });
});

describe("fillServiceWorker", () => {
  const source = readFileSync("build/offline/service-worker.js", "utf8");
  const only = (file: string) => ({ shell: [file], later: [] });
  const built = (text: string): unknown => JSON.parse(/JSON\.parse\('(.*)'\)/.exec(text)?.[1] ?? "null");

  it("puts the files into the service worker's own text", () => {
    const text = fillServiceWorker(source, { shell: ["index.html"], later: ["assets/late.js"] }, ["<html>"]);
    expect(built(text)).toEqual({
      version: expect.stringMatching(/^[0-9a-f]{12}$/) as string,
      shell: ["./index.html"],
      later: ["./assets/late.js"],
    });
  });

  it("gives a new version to changed names and to changed contents", () => {
    const texts = [
      fillServiceWorker(source, only("a.js"), ["1"]),
      fillServiceWorker(source, only("b.js"), ["1"]),
      fillServiceWorker(source, only("a.js"), ["2"]),
      fillServiceWorker(source, { shell: ["a.js"], later: ["late.js"] }, ["1"]),
    ];
    expect(new Set(texts.map((text) => JSON.stringify(built(text)))).size).toBe(4);
    expect(fillServiceWorker(source, only("a.js"), ["1"])).toBe(texts[0]);
  });

  it("throws when the text has no place for the list", () => {
    expect(() => fillServiceWorker("", only("a.js"), [])).toThrow("no place");
  });
});
