import * as v from "valibot";
import { Problem } from "../problem/problem.ts";
import { isNumberField } from "./field-text.ts";
import { fields } from "./fields.ts";
import { migrated } from "./migrate.ts";
import { defaultRecipe, RECIPE_VERSION, recipeSchema, type Recipe } from "./recipe.ts";

/** The recipe as the text of its file: JSON, two spaces, a newline at the end. */
export function recipeText(recipe: Recipe): string {
  return `${JSON.stringify(recipe, null, 2)}\n`;
}

/**
 * Reads the text of a recipe file. Fields that are not in it take their defaults, so that a file written by hand
 * states only what differs, and a file from before a field existed keeps its meaning.
 *
 * @param name of the file, for the error
 * @throws {Problem} naming each field that does not hold, or the version when it is newer than this program's
 */
export function parseRecipe(text: string, name = "recipe"): Recipe {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Problem({
      found: `${name} is not JSON.`,
      expected: "A recipe is one JSON object, as “Save recipe” writes it.",
      remedy: "Mend the text where the details point to, or save a recipe here and edit that.",
      details: error instanceof Error ? error.message : String(error),
    });
  }
  return recipeFrom(value, name);
}

/**
 * Checks a parsed recipe and fills in defaults; see `parseRecipe`.
 *
 * @throws {Problem}
 */
export function recipeFrom(value: unknown, name = "recipe"): Recipe {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Problem({
      found: `${name} holds ${Array.isArray(value) ? "a list" : value === null ? "null" : `a ${typeof value}`}.`,
      expected: "A recipe is one JSON object, as “Save recipe” writes it.",
      remedy: "Save a recipe here and edit that.",
    });
  }
  const version = checkVersion("version" in value ? value.version : undefined, name);
  // A file without a version states what differs from the defaults; one by hand may still have the fields of the first.
  const known = version ?? ("dropout" in value ? 1 : RECIPE_VERSION);
  const checked = v.safeParse(recipeSchema, { ...defaultRecipe, ...migrated(value, known) });
  if (checked.success) return checked.output;
  const problems = checked.issues.map(describe);
  throw new Problem({
    found: `${name}: ${problems[0] ?? "the recipe does not hold to its schema"}.`,
    expected:
      problems.length > 1
        ? `${problems.length - 1} more ${problems.length === 2 ? "field is" : "fields are"} wrong.`
        : "The other fields are fine.",
    remedy: "Correct the named fields, or leave them out to take their defaults.",
    details: problems.join("\n"),
  });
}

/** The version of a file, or null where it states none. Version 1 is the first; see `migrated` for the older ones. */
function checkVersion(version: unknown, name: string): number | null {
  if (version === undefined) return null;
  const newer = typeof version === "number" && version > RECIPE_VERSION;
  if (typeof version === "number" && Number.isInteger(version) && version >= 1 && !newer) return version;
  throw new Problem({
    found: `${name} has version ${JSON.stringify(version)}.`,
    expected: `This program reads recipes up to version ${RECIPE_VERSION}.`,
    remedy: newer
      ? "Update Tabtune (reload the page), or write the recipe anew."
      : `Set "version" to ${RECIPE_VERSION}, or leave it out.`,
  });
}

function describe(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue) ?? "the recipe";
  if (issue.type === "strict_object") return `“${path}” is not a field of a recipe`;
  if (issue.type === "union") {
    return `“${path}” is ${issue.received}, expected null, "balanced", "effective", or an object of label names and weights above 0`;
  }
  return `“${path}” is ${issue.received}, expected ${isNumberField(path) ? fields[path].wanted : expectation(issue)}`;
}

const comparisons: Record<string, string> = { ">=": "at least", "<=": "at most", ">": "more than", "<": "less than" };

function expectation(issue: v.BaseIssue<unknown>): string {
  if (issue.type === "integer") return "a whole number";
  if (issue.type === "finite") return "a finite number";
  const bound = /^([<>]=?)(.+)$/.exec(issue.expected ?? "");
  const words = bound ? comparisons[bound[1] ?? ""] : undefined;
  if (words) return `${words} ${bound?.[2]}`;
  const values = /^\((.+)\)$/.exec(issue.expected ?? "")?.[1];
  return values ? `one of ${values.replaceAll(" | ", ", ")}` : (issue.expected ?? "another value");
}
