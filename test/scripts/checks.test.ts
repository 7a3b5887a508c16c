import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { firstLoad } from "../../scripts/check-weight.mjs";
import { dependenciesAreInstalled } from "../../scripts/machine/install.mjs";

let folder = "";
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "checks-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("firstLoad", () => {
  it("follows static imports from index.html, and neither dynamic ones nor workers", () => {
    mkdirSync(join(folder, "assets"));
    const html =
      '<link rel="modulepreload" crossorigin href="./assets/shared.js"><script type="module" crossorigin src="./assets/index.js"></script>';
    writeFileSync(join(folder, "index.html"), html);
    writeFileSync(join(folder, "assets/index.js"), 'import{a}from"./deep.js";import"./side.js";import("./charts.js");');
    writeFileSync(
      join(folder, "assets/deep.js"),
      'export{b as a}from"./deeper.js";new URL("./x.worker.js",import.meta.url)',
    );
    for (const name of ["shared", "side", "deeper", "charts", "x.worker"]) {
      writeFileSync(join(folder, `assets/${name}.js`), "0");
    }
    const paths = firstLoad(folder).map(({ path }) => path.slice(join(folder, "assets/").length));
    expect(paths.sort()).toEqual(["deep.js", "deeper.js", "index.js", "shared.js", "side.js"]);
    expect(firstLoad(folder).every(({ gzipped }) => gzipped > 0)).toBe(true);
  });
});

describe("dependenciesAreInstalled", () => {
  function install(present: object) {
    mkdirSync(join(folder, "node_modules"), { recursive: true });
    const wanted = {
      "": {},
      "node_modules/a": { version: "1.0.0" },
      "node_modules/b": { version: "2.0.0", optional: true },
    };
    writeFileSync(join(folder, "package-lock.json"), JSON.stringify({ packages: wanted }));
    writeFileSync(join(folder, "node_modules/.package-lock.json"), JSON.stringify({ packages: present }));
    return dependenciesAreInstalled(folder);
  }

  it("asks for every package in its locked version, optional ones excepted", () => {
    expect(install({ "node_modules/a": { version: "1.0.0" } })).toBe(true);
    expect(install({ "node_modules/a": { version: "0.9.0" } })).toBe(false);
    expect(install({})).toBe(false);
  });
});
