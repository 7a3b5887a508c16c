import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { MantineProvider } from "@mantine/core";
import { renderToString } from "react-dom/server";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import type { documentFiles } from "../../build/documents-plugin.ts";
import type { RecipeFields } from "../../src/app/setup/RecipeFields.tsx";
import type { StoreContext } from "../../src/app/use-app.ts";
import type { fit } from "../../src/cli/fit.ts";
import type { recipeOf } from "../../src/cli/recipe-options.ts";
import type { defaultRecipe, recipeSchema } from "../../src/recipe/recipe.ts";
import type { setUp } from "../app/set-up.ts";
import type { recipeSteps } from "../e2e/recipe-steps.ts";

/** The one change: an entry in the table of fields, beside the others of its group. */
const place = "src/recipe/fields/regularization.ts";
const entry = `
    gradientNoise: number({
      label: "Gradient noise",
      what: "Adds noise of this size to every gradient.",
      usual: "0 (off); 0.01 to 0.3.",
      source: "Neelakantan et al. 2015",
      default: 0,
      from: 0,
      upTo: 8,
      unit: "units",
      example: "0.3",
      matters: [{ field: "clipping", is: "norm" }],
    }),`;

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const copied = ["src", "build", "docs", "test/app", "test/e2e", "test/metrics", "test/run/machine", "tsconfig.json"];
let copy = "";

/** A module of the copy, which has the type of its original. */
const load = async <Module,>(path: string) => (await import(/* @vite-ignore */ join(copy, path))) as Module;

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), "tabtune-field-"));
  for (const path of copied) cpSync(join(root, path), join(copy, path), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  const table = readFileSync(join(copy, place), "utf8");
  writeFileSync(
    join(copy, place),
    table.replace("\n  fields: {", (start) => start + entry),
  );
});

afterAll(() => rmSync(copy, { recursive: true, force: true }));

it("is one file that changes", () => {
  const files = copied.flatMap((path) =>
    path.includes(".")
      ? [path]
      : readdirSync(join(root, path), { recursive: true, withFileTypes: true })
          .filter((file) => file.isFile())
          .map((file) => join(file.parentPath, file.name).slice(root.length + 1)),
  );
  expect(files.length).toBeGreaterThan(500);
  const touched = files.filter((path) => !readFileSync(join(root, path)).equals(readFileSync(join(copy, path))));
  console.log(`A number field touches ${touched.length} file: ${touched.join(", ")}`);
  expect(touched).toEqual([place]);
});

it("is in the schema, the defaults and the recipe's type", async () => {
  const recipe = await load<{ recipeSchema: typeof recipeSchema; defaultRecipe: typeof defaultRecipe }>(
    "src/recipe/recipe.ts",
  );
  expect(Object.keys(recipe.recipeSchema.entries)).toContain("gradientNoise");
  expect(recipe.defaultRecipe).toHaveProperty("gradientNoise", 0);
  const check = `import { defaultRecipe } from "./src/recipe/recipe.ts";
export const noise: number = defaultRecipe.gradientNoise;
// @ts-expect-error: a number is no text
export const text: string = defaultRecipe.gradientNoise;
`;
  writeFileSync(join(copy, "check.ts"), check);
  const { extends: base, ...config } = {
    extends: "./tsconfig.json",
    include: [],
    files: ["check.ts", "src/assembly.d.ts"],
  };
  writeFileSync(join(copy, "tsconfig.check.json"), JSON.stringify({ extends: base, ...config }));
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const { status, stdout } = spawnSync(process.execPath, [tsc, "--noEmit", "-p", join(copy, "tsconfig.check.json")], {
    encoding: "utf8",
  });
  expect({ status, stdout }).toEqual({ status: 0, stdout: "" });
});

it("is read from --set, and refused in its own words", async () => {
  const { recipeOf: read } = await load<{ recipeOf: typeof recipeOf }>("src/cli/recipe-options.ts");
  expect(await read({ set: ["gradientNoise=0.5"] })).toHaveProperty("gradientNoise", 0.5);
  await expect(read({ set: ["gradientNoise=9"] })).rejects.toThrow(
    "“gradientNoise” is 9, expected a number of units from 0 to 8, for example 0.3",
  );
});

it("is in fit --help", async () => {
  const printed = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const { fit: run } = await load<{ fit: typeof fit }>("src/cli/fit.ts");
  await run(["--help"]);
  const help = String(printed.mock.calls[0]?.[0]).replace(/\s+/g, " ");
  printed.mockRestore();
  expect(help).toContain(
    "gradientNoise=0 Adds noise of this size to every gradient. A number of units from 0 to 8, for example 0.3. " +
      "Matters while “Clip by” is “Norm of the whole gradient”.",
  );
});

it("has a control on the page while it matters", async () => {
  const { RecipeFields: Fields } = await load<{ RecipeFields: typeof RecipeFields }>("src/app/setup/RecipeFields.tsx");
  const { StoreContext: Context } = await load<{ StoreContext: typeof StoreContext }>("src/app/use-app.ts");
  const { setUp: begin } = await load<{ setUp: typeof setUp }>("test/app/set-up.ts");
  const { store, actions } = begin();
  const drawn = () =>
    renderToString(
      <Context.Provider value={{ ...store, getInitialState: store.getState }}>
        <MantineProvider>
          <Fields link={null} locked={false} />
        </MantineProvider>
      </Context.Provider>,
    );
  const control =
    /<div data-field="gradientNoise".*?<label[^>]*for="([^"]+)"[^>]*>Gradient noise<\/label>.*?<input[^>]*>/;
  const [html = "", id = ""] = control.exec(drawn()) ?? [];
  expect(id).not.toBe("");
  expect(html).toMatch(new RegExp(`<input[^>]* id="${id}"[^>]*>`));
  expect(html).toMatch(/<input[^>]* value="0"/);
  await actions.setRecipe({ clipping: "value" });
  expect(drawn()).not.toContain("gradientNoise");
});

it("is changed by the keyboard test", async () => {
  const { recipeSteps: derive } = await load<{ recipeSteps: typeof recipeSteps }>("test/e2e/recipe-steps.ts");
  const { steps, recipe } = derive();
  expect(steps).toContainEqual({ field: "gradientNoise", keys: ["Control+A", "0", ".", "3", "Enter"] });
  expect(recipe).toHaveProperty("gradientNoise", 0.3);
});

it("is in the handbook's reference", async () => {
  const { documentFiles: documents } = await load<{ documentFiles: typeof documentFiles }>("build/documents-plugin.ts");
  const reference = documents()["handbook.html"]?.split('id="all-fields-of-the-recipe"')[1] ?? "";
  expect(reference).toContain('href="./#recipe.gradientNoise"');
  expect(reference.replace(/<[^>]*>/g, "")).toContain(
    "Gradient noise (gradientNoise): Adds noise of this size to every gradient. " +
      "A number of units from 0 to 8, for example 0.3. Default: 0. Usual: 0 (off); 0.01 to 0.3.",
  );
});
